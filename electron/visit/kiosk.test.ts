import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CardAnswer } from '../../contract/card.ts';
import type { FilePush } from '../../contract/file-view.ts';
import { writeTicket } from '../../contract/kept-record.ts';
import type { PinView } from '../../contract/pin.ts';
import type { Receipt } from '../../contract/receipt.ts';
import { writeReceipt } from '../../contract/receipt-code.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { KioskView } from '../../contract/view.ts';
import type { Challenge, SignInResult } from '../../contract/wire.ts';
import type { AuditEvent } from '../audit/audit.ts';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../catalogue/shipped.ts';
import type { FileAsker } from '../file/ask-file.ts';
import { bundledForms } from '../forms/bundled-forms.ts';
import { loadForms } from '../forms/load-forms.ts';
import type { KeepRefusal, Kept } from '../outbox/outbox.ts';
import type { RecentlyKept } from '../outbox/recent-card.ts';
import { ada, bram, completeState } from '../testing/people.ts';
import { testTerminal as config } from '../testing/terminal.ts';
import { createKiosk, type Kiosk } from './kiosk.ts';

const failed = { answer: 'problem', problem: 'failed', triesLeft: null } as const;
let kiosk: Kiosk;
let views: KioskView[];
let asked: string[];
let audit: AuditEvent[];
let logged: string[];
let storage: Result<null, KeepRefusal>;
let room: Result<null, KeepRefusal>;
let writes: number;
let now: number;
let pinViews: (PinView | null)[];
/** What the card and the middleware say to a sign-in; both wait until a test answers. */
let certificate: CardAnswer;
let challenge: Result<Challenge, 'no_line'>;
let entries: { pin: string | null; answer: (answer: CardAnswer) => void }[];
let tokens: { nonce: string; answer: (result: Result<SignInResult, 'no_line'>) => void }[];
let keeping: TransactionContent[];
let recent: RecentlyKept[];
let remembered: string[];
let receiptOf: (txId: string) => Receipt | null;
let keeps: (content: TransactionContent) => Result<Kept, KeepRefusal>;
let readFile: FileAsker['read'];
let pushes: FilePush[];

beforeEach(() => {
  views = [];
  asked = [];
  audit = [];
  logged = [];
  keeping = [];
  recent = [];
  remembered = [];
  keeps = (content) => ok(keptAs(content));
  receiptOf = () => null;
  readFile = async () => 'no_line';
  pushes = [];
  pinViews = [];
  certificate = failed;
  challenge = refuse('no_line');
  entries = [];
  tokens = [];
  [storage, room, writes] = [ok(null), ok(null), 0];
  now = 0;
  const outbox = {
    probe: () => {
      writes += 1;
      return storage;
    },
    look: () => room,
    receiptOf: (txId: string) => receiptOf(txId),
    keep(content: TransactionContent) {
      keeping.push(content);
      return keeps(content);
    },
  };
  let id = 0;
  kiosk = createKiosk({
    config,
    forms: loadForms(bundledForms, () => undefined),
    catalogue: loadCatalogue(shippedCatalogue, '34022', () => undefined),
    outbox,
    attachments: null,
    enrolled: true,
    recentCards: {
      remember: (chipNumber) =>
        remembered.push(...audit.map(({ event }) => event).filter((event) => event === 'transaction_kept'), chipNumber),
      recall: () => recent,
      forgetOld: () => undefined,
      forgetTold: () => asked.push('forget_recent'),
    },
    betweenVisits: () => asked.push('between'),
    sync: { wake: () => asked.push('wake'), lineState: () => ({ state: 'up', since: null }) },
    card: {
      forget: () => asked.push('forget'),
      readAgain: () => asked.push('read'),
      prepare: async () => certificate,
      signIn: (_insertion, { pin }) => new Promise((answer) => entries.push({ pin, answer })),
      sign: async () => failed,
      proveChip: async () => failed,
    },
    counter: {
      askChallenge: async () => challenge,
      signIn: (request) => new Promise((answer) => tokens.push({ nonce: request.nonce, answer })),
      askRevocation: async () => refuse('no_line'),
    },
    fileAsker: {
      read: (ask, tell, signal) => readFile(ask, tell, signal),
      findRoles: async () => refuse('no_line'),
      endGrant: async () => undefined,
    },
    profileAsker: null,
    publishFile: (push) => pushes.push(push),
    publishPin: (view) => pinViews.push(view),
    openOperator: () => asked.push('operator'),
    audit: { write: (_visit, event) => audit.push(event) },
    clock: { wall: () => new Date('2026-11-20T10:00:00Z'), ticks: () => now },
    log: (event) => logged.push(event),
    freshId: () => {
      id += 1;
      return `visit-${id}`;
    },
    publish: (view) => views.push(view),
    wipe: async () => void asked.push('wipe'),
  });
});

const screen = () => views.at(-1)?.screen.name;

function ticketOf(reference: string): Kept['ticket'] {
  const hash = 'A'.repeat(43);
  return { terminal: 'kiosk-1', generation: 'A'.repeat(11), sequence: 1, reference, record: hash, chain: hash, signature: 'A'.repeat(86) };
}

function keptAs({ txId, reference }: TransactionContent): Kept {
  return { txId, reference, keptAt: '2026-11-20T10:00:00.000Z', ticket: ticketOf(reference) };
}

function fillDefect(): void {
  kiosk.take('visit.begin', {});
  kiosk.take('form.open', { product: 'street-defect' });
  kiosk.take('form.answer', { page: 'category', answers: { category: 'light' } });
  kiosk.take('form.answer', { page: 'place', answers: { place: 'Vlasmarkt 3' } });
}

describe('send', () => {
  it('keeps once, however often it is pressed, and says "kept" only when the outbox said so', async () => {
    fillDefect();
    kiosk.take('form.send', {});
    kiosk.take('form.send', {});
    expect([keeping.length, screen()]).toEqual([0, 'keeping']);
    await vi.waitFor(() => expect(screen()).toBe('kept'));
    expect(keeping).toHaveLength(1);
    expect(asked).toContain('wake');
    expect(audit.map(({ event }) => event)).toContain('transaction_kept');
  });

  it('comes back to the answers with the reason when nothing was kept', async () => {
    fillDefect();
    keeps = () => refuse('disk_full');
    kiosk.take('form.send', {});
    await vi.waitFor(() => expect(views.at(-1)?.screen).toMatchObject({ name: 'check', problem: 'disk_full' }));
  });

  describe('and what was received', () => {
    const ticket = () => {
      const shown = views.at(-1)?.screen;
      if (shown?.name !== 'kept') throw new Error('nothing kept is shown');
      return shown.ticket;
    };

    beforeEach(async () => {
      fillDefect();
      kiosk.take('form.send', {});
      await vi.waitFor(() => expect(screen()).toBe('kept'));
    });

    it('has a code with the middleware’s own word, beside the ticket’s', () => {
      const [{ txId, reference } = { txId: '', reference: '' }] = keeping;
      const { record, terminal, generation, sequence } = ticketOf(reference);
      const leaf = { txId, reference, terminal, generation, sequence, record, held: false };
      const receipt: Receipt = { leaf, proof: { index: 0, path: [] }, head: 'head' };
      receiptOf = (asked) => (asked === txId ? receipt : null);
      const { url } = ticket();
      expect(ticket()).not.toHaveProperty('receiptUrl');
      kiosk.received(txId, '2026-11-20T10:01:00.000Z');
      const receiptUrl = new URL(url);
      receiptUrl.hash = writeReceipt(receipt);
      expect(ticket()).toMatchObject({ url, receiptUrl: receiptUrl.href, receivedAt: '2026-11-20T10:01:00.000Z' });
    });

    it.each<[string, () => Receipt | null]>([
      ['is not there', () => null],
      [
        'cannot be read',
        () => {
          throw new Error('EIO');
        },
      ],
    ])('is shown as received although its receipt %s', (_what, answer) => {
      receiptOf = answer;
      kiosk.received(keeping[0]?.txId ?? '', '2026-11-20T10:01:00.000Z');
      expect(ticket()).toMatchObject({ receivedAt: '2026-11-20T10:01:00.000Z' });
      expect(ticket()).not.toHaveProperty('receiptUrl');
    });
  });

  it('makes another transaction of what is filled in anew', async () => {
    for (const _time of [1, 2]) {
      fillDefect();
      kiosk.take('form.send', {});
      await vi.waitFor(() => expect(screen()).toBe('kept'));
      kiosk.take('visit.catalogue', {});
    }
    expect(new Set(keeping.map(({ txId }) => txId)).size).toBe(2);
  });
});

describe('a disk that may take nothing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    kiosk.start();
  });
  afterEach(() => {
    kiosk.stop();
    vi.useRealTimers();
  });
  function pass(ms: number): void {
    now += ms;
    vi.advanceTimersByTime(ms);
  }

  it('lets nobody in where nothing can be kept, and everybody again when it can', () => {
    room = refuse('disk_full');
    pass(5_000);
    expect(views.at(-1)?.screen).toEqual({ name: 'broken', reason: 'disk_full' });
    kiosk.take('visit.begin', {});
    kiosk.cardChanged({ state: 'reading', insertion: 1 });
    expect(screen()).toBe('broken');
    room = ok(null);
    pass(5_000);
    kiosk.take('visit.begin', {});
    expect(screen()).toBe('catalogue');
  });

  it('is not written to while nobody is there, but once a minute', () => {
    const before = writes;
    for (let second = 0; second < 600; second += 5) pass(5_000);
    expect(writes - before).toBe(10);
  });

  it('is tried when somebody comes, by a touch or with a card', () => {
    storage = refuse('storage_failed');
    kiosk.take('visit.begin', {});
    expect(views.at(-1)?.screen).toEqual({ name: 'broken', reason: 'storage_failed' });
    storage = ok(null);
    pass(5_000);
    storage = refuse('storage_failed');
    kiosk.cardChanged({ state: 'reading', insertion: 1 });
    expect(screen()).toBe('broken');
  });

  it('a card that lay there meanwhile is read again before anybody is let in with it', () => {
    storage = refuse('storage_failed');
    kiosk.cardChanged({ state: 'reading', insertion: 1 });
    expect(asked).not.toContain('read');
    storage = ok(null);
    pass(5_000);
    expect(asked).toContain('read');
  });
});

it('opens the operator’s page for staff, and never over a visit', () => {
  kiosk.take('operator.open', {});
  expect(asked).toEqual(['operator']);
  kiosk.take('visit.begin', {});
  kiosk.take('operator.open', {});
  expect(asked.filter((what) => what === 'operator')).toHaveLength(1);
});

it('reads a card again once, however often "try again" is pressed', () => {
  kiosk.cardChanged({ state: 'upside_down_or_dirty', insertion: 1 });
  kiosk.take('card.again', {});
  kiosk.take('card.again', {});
  expect(asked.filter((what) => what === 'read')).toHaveLength(1);
});

describe('the end of a visit', () => {
  it('forgets in the card’s process and wipes the page, once', () => {
    kiosk.take('visit.begin', {});
    asked = [];
    kiosk.take('visit.stop', { why: 'stopped' });
    kiosk.take('visit.stop', { why: 'stopped' });
    expect(asked).toEqual(['forget', 'forget_recent', 'wipe', 'between']);
    expect(audit.map(({ event }) => event)).toEqual(['visit_begun', 'visit_ended']);
  });

  it('reads the card that took another’s place between two looks: it is the next person’s', () => {
    kiosk.cardChanged(completeState(ada, 1));
    kiosk.take('visit.continue', {});
    asked = [];
    kiosk.cardChanged({ state: 'reading', insertion: 2 });
    expect(asked).toEqual([]);
    kiosk.cardChanged(completeState(bram, 2));
    expect(asked).toEqual(['forget', 'forget_recent', 'read', 'wipe', 'between']);
    expect(JSON.stringify(views.at(-1))).not.toMatch(/Testenaere|Proefstuck/);
    kiosk.cardChanged(completeState(bram, 3));
    expect(screen()).toBe('identity');
  });
});

describe('a visit that ends at a pinpad, whose process is ended with it', () => {
  const next = 1_000_001;

  beforeEach(() => {
    kiosk.cardChanged(completeState(ada, 1));
    kiosk.take('visit.continue', {});
    kiosk.take('form.open', { product: 'data-consultations' });
    asked = [];
    kiosk.take('visit.stop', { why: 'stopped' });
    kiosk.cardChanged({ state: 'restarting' });
  });

  it('leaves the next person’s card to begin their visit as any other', () => {
    kiosk.cardChanged({ state: 'empty' });
    kiosk.cardChanged({ state: 'reading', insertion: next });
    expect(screen()).toBe('reading');
    kiosk.cardChanged(completeState(bram, next));
    expect(JSON.stringify(views.at(-1)?.screen)).toContain('Proefstuck');
    expect(asked).toEqual(['forget', 'forget_recent', 'wipe', 'between']);
  });

  it('has nobody read the card that was left in', () => {
    kiosk.cardChanged({ state: 'left_in', insertion: next, sure: true });
    expect(views.at(-1)?.screen).toMatchObject({ name: 'goodbye', cardStillIn: true, mayBeAnother: false });
    kiosk.take('visit.begin', {});
    kiosk.take('form.open', { product: 'data-consultations' });
    expect(views.at(-1)?.screen).toMatchObject({ name: 'insert_card', leftIn: true });
    kiosk.take('card.again', {});
    expect(asked).not.toContain('read');
  });

  it('tells somebody whose card cannot be told from it to put it in again', () => {
    kiosk.cardChanged({ state: 'left_in', insertion: next, sure: false });
    expect(views.at(-1)?.screen).toMatchObject({ name: 'goodbye', mayBeAnother: true });
    kiosk.cardChanged({ state: 'empty' });
    kiosk.cardChanged(completeState(bram, next + 1));
    expect(screen()).toBe('identity');
  });
});

it('covers a form while the reader is gone, says so, and goes on with the same card', () => {
  kiosk.cardChanged(completeState(ada, 1));
  kiosk.take('visit.continue', {});
  kiosk.take('form.open', { product: 'main-residence-certificate' });
  kiosk.cardChanged({ state: 'no_reader' });
  expect(views.at(-1)).toMatchObject({ who: null, cover: { kind: 'reader_gone', reason: 'no_reader', seconds: 120 } });
  kiosk.cardChanged({ state: 'reading', insertion: 2 });
  expect(views.at(-1)?.cover).toEqual({ kind: 'looking', filledIn: false });
  kiosk.cardChanged(completeState(ada, 2));
  expect([views.at(-1)?.cover, screen()]).toEqual([null, 'question']);
  expect(asked).not.toContain('forget');
});

it('pushes a view only when something changed, and again when the page asks', () => {
  kiosk.take('visit.begin', {});
  const { length } = views;
  kiosk.take('screen.active', {});
  expect(views).toHaveLength(length);
  kiosk.take('screen.ready', {});
  expect(views).toHaveLength(length + 1);
});

it('offers no language that the town did not choose', () => {
  kiosk.take('visit.begin', {});
  kiosk.take('visit.language', { language: 'de' });
  expect(views.at(-1)?.language).toBe('nl');
});

it('shows the tickets at the goodbye, for as long as somebody says that they still write, and then forgets them', async () => {
  vi.useFakeTimers();
  kiosk.start();
  const wait = (seconds: number) => {
    now += seconds * 1000;
    vi.advanceTimersByTime(250);
  };
  fillDefect();
  kiosk.take('form.send', {});
  await vi.waitFor(() => expect(screen()).toBe('kept'));
  const reference = keeping[0]?.reference ?? '';
  kiosk.take('visit.stop', { why: 'stopped' });
  const tickets = [{ reference, url: `https://middleware.example/t/${reference}#${writeTicket(ticketOf(reference))}` }];
  expect(views.at(-1)?.screen).toMatchObject({ name: 'goodbye', tickets, secondsLeft: 60 });
  wait(50);
  expect(views.at(-1)?.screen).toMatchObject({ secondsLeft: 10 });
  kiosk.take('visit.stay', {});
  expect(views.at(-1)?.screen).toMatchObject({ tickets, secondsLeft: 60 });
  wait(50);
  kiosk.take('visit.language', { language: 'fr' });
  wait(50);
  expect(views.at(-1)).toMatchObject({ language: 'fr', screen: { tickets, secondsLeft: 10 } });
  wait(11);
  expect(views.at(-1)).toMatchObject({ language: 'nl', screen: { name: 'attract' } });
  expect(JSON.stringify(views.at(-1))).not.toContain(reference);
  kiosk.stop();
  vi.useRealTimers();
});

describe('signing in', () => {
  const token: CardAnswer = {
    answer: 'token',
    token: { unverifiedCertificate: 'AAAA', algorithm: 'ES384', signature: 'AAAA', format: 'web-eid:1.0', appVersion: 'x' },
  };
  const wrongPin: CardAnswer = { answer: 'problem', problem: 'wrong_pin', triesLeft: 2 };
  const typing = () => pinViews.at(-1)?.state === 'typing';
  const judged = () => audit.filter(({ event }) => event === 'signed_in' || event === 'sign_in_failed');

  function typePin(): void {
    for (const digit of ['1', '2', '3', '4'] as const) kiosk.takePin('pin.digit', { digit });
    kiosk.takePin('pin.done', {});
  }

  beforeEach(async () => {
    certificate = {
      answer: 'prepared',
      certificate: 'AAAA',
      issuer: 'AAAA',
      algorithm: 'ES384',
      chain: 'proven',
      ways: ['pin_view'],
      triesLeft: 3,
    };
    challenge = ok({ nonce: 'n'.repeat(44), origin: 'https://middleware.example', expiresAt: '2026-11-22T10:05:00.000Z' });
    kiosk.cardChanged(completeState(ada, 1));
    kiosk.take('visit.continue', {});
    kiosk.take('form.open', { product: 'data-consultations' });
    await vi.waitFor(() => expect(typing()).toBe(true));
  });

  async function check(): Promise<void> {
    typePin();
    await vi.waitFor(() => expect(entries).toHaveLength(1));
    entries[0]?.answer(token);
    await vi.waitFor(() => expect(tokens).toHaveLength(1));
  }

  it('refuses a revoked card that was out and in again while the middleware judged', async () => {
    await check();
    kiosk.cardChanged({ state: 'empty' });
    kiosk.cardChanged({ state: 'reading', insertion: 2 });
    kiosk.cardChanged(completeState(ada, 2));
    tokens[0]?.answer(ok({ status: 'refused', reason: 'revoked' }));
    await vi.waitFor(() => expect(views.at(-1)?.screen).toEqual({ name: 'card_refused', reason: 'revoked' }));
    expect(judged()).toEqual([{ event: 'sign_in_failed', problem: 'revoked' }]);
    expect(audit).toContainEqual({ event: 'visit_ended', why: 'card_refused' });
    expect(asked).not.toContain('read');
  });

  it('writes down nothing of an attempt whose visit has ended', async () => {
    await check();
    kiosk.take('visit.stop', { why: 'stopped' });
    audit.length = 0;
    tokens[0]?.answer(ok({ status: 'accepted', acceptedAt: '', revocation: { status: 'good', source: 'ocsp', asOf: null } }));
    await new Promise(setImmediate);
    expect(judged()).toEqual([]);
  });

  it('brings the file to the page in few parts, however many sources answer at once, and all of it', async () => {
    const subject = { kind: 'person' as const, ssin: ada.nationalNumber };
    const many = Array.from({ length: 150 }, (_, at) => `s${at}`);
    readFile = async (_ask, tell) => {
      const sources = many.map((id) => ({ id, name: { nl: id }, owner: 'town' as const, theme: 'citizen_and_government' as const }));
      tell({ line: 'sources', subject, sources });
      for (const source of many)
        tell({ line: 'answer', answer: { source, state: 'fresh', asOf: '2026-11-20T09:00:00Z', items: [], more: false } });
      return 'complete';
    };
    await check();
    const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
    tokens[0]?.answer(ok({ status: 'accepted', acceptedAt: '', revocation: { status: 'good', source: 'ocsp', asOf: null }, grant }));
    await vi.waitFor(() => expect(screen()).toBe('question'));
    kiosk.take('visit.catalogue', {});
    kiosk.take('file.open', {});
    await vi.waitFor(() => expect(views.at(-1)?.screen).toMatchObject({ name: 'file', end: 'complete' }));
    const answered = pushes.flatMap(({ sources }) => sources.flatMap(({ id, state }) => (state === 'fresh' ? [id] : [])));
    expect([answered, pushes.filter(({ reading }) => reading !== null).length]).toEqual([many, 3]);
  });

  it('sends no token of somebody who has left', async () => {
    typePin();
    await vi.waitFor(() => expect(entries).toHaveLength(1));
    kiosk.take('visit.stop', { why: 'stopped' });
    entries[0]?.answer(token);
    await new Promise(setImmediate);
    expect(tokens).toEqual([]);
  });

  it('asks nobody for a PIN again whose visit ended while the card refused one', async () => {
    typePin();
    await vi.waitFor(() => expect(entries).toHaveLength(1));
    kiosk.take('visit.stop', { why: 'stopped' });
    entries[0]?.answer(wrongPin);
    await new Promise(setImmediate);
    typePin();
    await new Promise(setImmediate);
    expect([entries.length, pinViews.at(-1)]).toEqual([1, null]);
  });

  it('that asks again under a cover ends with its visit: nothing goes on waiting for a PIN', async () => {
    typePin();
    await vi.waitFor(() => expect(entries).toHaveLength(1));
    kiosk.cardChanged({ state: 'empty' });
    entries[0]?.answer(wrongPin);
    await new Promise(setImmediate);
    expect(logged).not.toContain('sign_in');
    kiosk.take('visit.stop', { why: 'stopped' });
    await vi.waitFor(() => expect(logged).toContain('sign_in'));
  });

  it('ends with the page of the PIN view: a PIN that nobody can finish is forgotten, and the person is told', async () => {
    kiosk.takePin('pin.digit', { digit: '1' });
    kiosk.pinPageGone();
    await vi.waitFor(() => expect(views.at(-1)?.screen).toMatchObject({ name: 'sign_in', stage: 'problem', problem: 'cancelled' }));
    expect([entries, pinViews.at(-1)]).toEqual([[], null]);
  });

  it('is no idleness: each key of the PIN is a sign of life', () => {
    vi.useFakeTimers();
    kiosk.start();
    const wait = (ms: number) => {
      now += ms;
      vi.advanceTimersByTime(250);
    };
    wait(119_000);
    kiosk.takePin('pin.digit', { digit: '1' });
    wait(119_000);
    expect(views.at(-1)?.cover).toBeNull();
    wait(2_000);
    expect(views.at(-1)?.cover?.kind).toBe('idle');
    kiosk.stop();
    vi.useRealTimers();
  });
});

it('tells whoever puts the same card back after a crash what was kept, until that visit ends', async () => {
  recent = [{ reference: 'KTR-0000-0009', form: 'street-defect', keptAt: '2026-11-20T09:55:00.000Z' }];
  kiosk.cardChanged(completeState(ada, 1));
  const told = () => views.at(-1)?.screen;
  await vi.waitFor(() =>
    expect(told()).toMatchObject({ name: 'identity', recentlyKept: [{ reference: 'KTR-0000-0009', keptAt: '2026-11-20T09:55:00.000Z' }] }),
  );
  kiosk.take('visit.stop', { why: 'stopped' });
  expect(asked).toContain('forget_recent');
});

it('remembers what was kept with a card, under its chip number, before it writes anything else down', async () => {
  kiosk.cardChanged(completeState(ada, 1));
  kiosk.take('visit.continue', {});
  fillDefect();
  kiosk.take('form.send', {});
  await vi.waitFor(() => expect(screen()).toBe('kept'));
  expect(remembered).toEqual([ada.chipNumber]);
});
