import { beforeEach, describe, expect, it } from 'vitest';
import type { CardState } from '../../../contract/card.ts';
import type { KioskView, ScreenView } from '../../../contract/view.ts';
import { createHolds } from './holds.ts';
import { createOracle, type Oracle } from './oracle.ts';

/** The oracle itself, on stories made up for it: each thing that it is there to see, and what it must not mistake for one. */
const marks = new Map([
  ['Ada Testenaere', new Set(['ada'])],
  ['Testenaere', new Set(['ada'])],
  ['Proefweg 1', new Set(['ada'])],
  ['Bram Proefstuck', new Set(['bram'])],
  ['Proefstuck', new Set(['bram'])],
  ['Toetsdreef 2', new Set(['bram'])],
  ['face', new Set(['ada', 'bram'])],
]);

let oracle: Oracle;
let findings: string[];
let clock: number;

beforeEach(() => {
  findings = [];
  clock = 0;
  oracle = createOracle({ marks, noticeMs: 1_000, onFinding: (finding) => findings.push(finding.split(' (')[0] ?? '') });
  pass(100);
});

/** Time in which the card's process is free, in beats. */
function pass(ms: number): void {
  for (const end = clock + ms; clock < end; ) {
    clock += 25;
    oracle.beat(clock);
    oracle.look(clock);
  }
}

/** Time in which a call holds it. */
function hold(ms: number): void {
  clock += ms;
  oracle.look(clock);
}

type Shown = { visit: string | null; texts?: string[]; own?: boolean; covered?: boolean };

function show({ visit, texts = [], own = false, covered = false }: Shown): void {
  const facts = texts.map((text) => ({ fact: 'name', value: { kind: 'text', lines: [text] }, source: 'card' }));
  const screen = { name: 'identity', facts, photo: null } as unknown as ScreenView;
  const who = own ? { name: 'x', trust: 'card_read', proof: 'proven' } : null;
  const cover = covered ? { kind: 'card_out', secondsLeft: 1, seconds: 1, otherCard: false } : null;
  oracle.view({ visit, screen, who, cover } as unknown as KioskView, clock);
}

function tell(insertion: number, surname: string, street: string | null = null, photo: string | null = null): void {
  const address = street === null ? null : { streetAndNumber: street, postalCode: '', municipality: '' };
  const state = photo === null ? 'identity' : 'complete';
  oracle.state({ state, insertion, identity: { surname, nationalNumber: '0' }, address, photo } as unknown as CardState, clock);
}

const cardIn = (persona: string) => {
  const end = oracle.cardIn(persona, clock);
  return () => end(clock);
};

const ada = ['Ada Testenaere', 'Proefweg 1'];

it('has nothing against a visit that ends with its card', () => {
  const out = cardIn('ada');
  tell(1, 'Testenaere', 'Proefweg 1', 'face');
  show({ visit: 'v1', texts: ada, own: true });
  oracle.kept(['Testenaere']);
  pass(5_000);
  out();
  pass(200);
  show({ visit: null });
  pass(60_000);
  expect(findings).toEqual([]);
});

describe('a person on the glass', () => {
  it('whose card has left is seen, once the terminal can have noticed', () => {
    const out = cardIn('ada');
    show({ visit: 'v1', texts: ada });
    out();
    pass(900);
    expect(findings).toEqual([]);
    pass(200);
    expect(findings).toEqual(['wrongPerson: on the glass, card not there']);
  });

  it('is not held against a terminal whose card process a call holds', () => {
    const out = cardIn('ada');
    show({ visit: 'v1', texts: ada });
    out();
    hold(9_000);
    pass(500);
    expect(findings).toEqual([]);
    pass(600);
    expect(findings).toHaveLength(1);
  });

  it('who never was there is seen at once', () => {
    cardIn('ada');
    show({ visit: 'v1', texts: ['Bram Proefstuck'] });
    expect(findings).toEqual(['wrongPerson: on the glass, card not there']);
  });

  it('under the cover is not on the glass', () => {
    const out = cardIn('ada');
    show({ visit: 'v1', texts: ada, own: true });
    out();
    show({ visit: 'v1', texts: ada, covered: true });
    pass(30_000);
    expect(findings).toEqual([]);
  });
});

describe('after a visit', () => {
  it('nothing of it is shown again while its card stays in', () => {
    cardIn('ada');
    show({ visit: 'v1', texts: ada, own: true });
    show({ visit: null });
    pass(3_000);
    show({ visit: 'v2', texts: ada });
    expect(findings).toEqual(['wrongPerson: on the glass, card not there']);
  });

  it('its card begins another once it was put in anew', () => {
    const out = cardIn('ada');
    show({ visit: 'v1', texts: ada, own: true });
    show({ visit: null });
    out();
    pass(300);
    cardIn('ada');
    show({ visit: 'v2', texts: ada });
    pass(10_000);
    expect(findings).toEqual([]);
  });
});

it('sees a visit that took one card as its own and shows another', () => {
  cardIn('ada');
  show({ visit: 'v1', texts: ada, own: true });
  cardIn('bram');
  show({ visit: 'v1', texts: ['Bram Proefstuck'] });
  expect(findings).toEqual(['wrongPerson: one visit, two people, view identity']);
});

it('lets a visit that has no card of its own look at two', () => {
  const out = cardIn('ada');
  show({ visit: 'v1', texts: ada });
  out();
  cardIn('bram');
  show({ visit: 'v1', texts: ['Bram Proefstuck'] });
  expect(findings).toEqual([]);
});

describe('what a state or a page says of one person', () => {
  it('may share a photo, and nothing else', () => {
    cardIn('ada');
    tell(1, 'Testenaere', 'Proefweg 1', 'face');
    expect(findings).toEqual([]);
    tell(1, 'Testenaere', 'Toetsdreef 2', 'face');
    show({ visit: 'v1', texts: ['Ada Testenaere', 'Toetsdreef 2'] });
    expect(findings).toEqual(['mixedData: state complete', 'mixedData: view identity']);
  });

  it('stays the same within an insertion', () => {
    cardIn('ada');
    cardIn('bram');
    tell(1, 'Testenaere');
    tell(1, 'Proefstuck');
    expect(findings).toEqual(['mixedData: one insertion, two people']);
  });

  it('never goes back to an older insertion', () => {
    cardIn('ada');
    tell(2, 'Testenaere');
    tell(1, 'Testenaere');
    expect(findings).toEqual(['wrongPerson: news of an older insertion']);
  });

  it('is of a card that is there', () => {
    cardIn('bram')();
    pass(2_000);
    tell(1, 'Proefstuck');
    expect(findings).toEqual(['wrongPerson: state identity, card not there']);
  });
});

it('sees a transaction made with somebody else’s data', () => {
  cardIn('ada');
  show({ visit: 'v1', texts: ada, own: true });
  oracle.kept(['Proefstuck', 'Toetsdreef 2']);
  show({ visit: null });
  oracle.kept(['Testenaere']);
  expect(findings).toEqual(['wrongPerson: a transaction of another person', 'wrongPerson: a transaction in a visit without a card']);
  expect(oracle.found).toEqual({ wrongPerson: 2, mixedData: 0 });
});

describe('the time a hang takes', () => {
  it('counts for the next person only as long as it lasts, and only when one was made', () => {
    let at = 0;
    const holds = createHolds(() => at);
    const beat = (next: number) => {
      at = next;
      holds.beat(at);
    };
    beat(20);
    beat(400);
    expect(holds.over(100)).toBe(100);
    holds.expect(5_000);
    at = 3_000;
    expect(holds.over(1_000)).toBe(3_000);
    beat(5_500);
    expect(holds.over(1_000)).toBe(5_500);
    expect(holds.over(6_000)).toBe(6_000);
    expect(holds.longest()).toBe(5_000);
  });

  it('ends with the process', () => {
    let at = 0;
    const holds = createHolds(() => at);
    at = 10;
    holds.beat(at);
    holds.expect(3_600_000);
    at = 10_300;
    holds.ended(at);
    at = 11_000;
    expect(holds.over(500)).toBe(10_300);
    expect(holds.longest()).toBe(10_290);
  });
});
