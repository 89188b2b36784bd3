import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { TerminalConfig } from '../../contract/terminal-config.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { KioskView } from '../../contract/view.ts';
import type { AuditEvent } from '../audit/audit.ts';
import { loadCatalogue } from '../catalogue/load-catalogue.ts';
import { bundledForms } from '../forms/bundled-forms.ts';
import { loadForms } from '../forms/load-forms.ts';
import type { KeepRefusal, Kept, Outbox } from '../outbox/outbox.ts';
import { ada, bram, completeState } from '../testing/people.ts';
import { createKiosk, type Kiosk } from './kiosk.ts';

const config = TerminalConfig.parse({
  terminal: 'kiosk-2',
  name: 'Kiosk 2',
  municipality: { code: '34022', name: { nl: 'Kortrijk' }, prefix: 'KTR', desk: { nl: 'de balie' } },
  languages: ['nl', 'fr'],
  middleware: {
    url: 'https://middleware.example',
    root: '',
    sealKey: { id: 'k', jwk: {} },
    receiptKey: { id: 'r', jwk: {} },
    ticketUrl: 'https://middleware.example/t/',
  },
  screen: { pxPerMm: 'fit', kiosk: false },
  card: { module: null },
});

const failed = { answer: 'problem', problem: 'failed', triesLeft: null } as const;
let kiosk: Kiosk;
let views: KioskView[];
let asked: string[];
let audit: AuditEvent[];
let storage: Result<null, KeepRefusal>;
let keeping: { content: TransactionContent; answer: (result: Result<Kept, KeepRefusal>) => void }[];

beforeEach(() => {
  views = [];
  asked = [];
  audit = [];
  keeping = [];
  storage = ok(null);
  const outbox = {
    probe: () => storage,
    keep: (content: TransactionContent) => new Promise<Result<Kept, KeepRefusal>>((answer) => keeping.push({ content, answer })),
  } as unknown as Outbox;
  let id = 0;
  kiosk = createKiosk({
    config,
    forms: loadForms(bundledForms, () => undefined),
    products: loadCatalogue(),
    outbox,
    sync: { wake: () => asked.push('wake'), lineState: () => ({ state: 'up', since: null }) },
    card: {
      forget: () => asked.push('forget'),
      readAgain: () => asked.push('read'),
      prepare: async () => failed,
      signIn: async () => failed,
      sign: async () => failed,
      proveChip: async () => failed,
    },
    counter: {
      askChallenge: async () => refuse('no_line'),
      signIn: async () => refuse('no_line'),
      askRevocation: async () => refuse('no_line'),
    },
    publishPin: () => undefined,
    audit: { write: (_visit, event) => audit.push(event), findBreak: () => null, close: () => undefined },
    clock: { wall: () => new Date('2026-11-20T10:00:00Z'), ticks: () => 0 },
    log: () => undefined,
    freshId: () => {
      id += 1;
      return `visit-${id}`;
    },
    publish: (view) => views.push(view),
    wipe: async () => void asked.push('wipe'),
  });
});

const screen = () => views.at(-1)?.screen.name;

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
    expect([keeping.length, screen()]).toEqual([1, 'keeping']);
    const [kept] = keeping;
    kept?.answer(ok({ txId: kept.content.txId, reference: kept.content.reference, keptAt: '2026-11-20T10:00:00.000Z' }));
    await vi.waitFor(() => expect(screen()).toBe('kept'));
    expect(asked).toContain('wake');
    expect(audit.map(({ event }) => event)).toContain('transaction_kept');
  });

  it('comes back to the answers with the reason when nothing was kept', async () => {
    fillDefect();
    kiosk.take('form.send', {});
    keeping[0]?.answer(refuse('disk_full'));
    await vi.waitFor(() => expect(views.at(-1)?.screen).toMatchObject({ name: 'check', problem: 'disk_full' }));
  });

  it('makes another transaction of what is filled in anew', async () => {
    for (const _time of [1, 2]) {
      fillDefect();
      kiosk.take('form.send', {});
      const kept = keeping.at(-1);
      kept?.answer(ok({ txId: kept.content.txId, reference: kept.content.reference, keptAt: '2026-11-20T10:00:00.000Z' }));
      await vi.waitFor(() => expect(screen()).toBe('kept'));
      kiosk.take('visit.catalogue', {});
    }
    expect(new Set(keeping.map(({ content }) => content.txId)).size).toBe(2);
  });
});

it('lets nobody in where nothing can be kept, and everybody again when it can', () => {
  vi.useFakeTimers();
  kiosk.start();
  storage = refuse('disk_full');
  vi.advanceTimersByTime(5_000);
  expect(views.at(-1)?.screen).toEqual({ name: 'broken', reason: 'disk_full' });
  kiosk.take('visit.begin', {});
  kiosk.cardChanged({ state: 'reading', insertion: 1 });
  expect(screen()).toBe('broken');
  storage = ok(null);
  vi.advanceTimersByTime(5_000);
  kiosk.take('visit.begin', {});
  expect(screen()).toBe('catalogue');
  kiosk.stop();
  vi.useRealTimers();
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
    expect(asked).toEqual(['forget', 'wipe']);
    expect(audit.map(({ event }) => event)).toEqual(['visit_begun', 'visit_ended']);
  });

  it('reads the card that took another’s place between two looks: it is the next person’s', () => {
    kiosk.cardChanged(completeState(ada, 1));
    kiosk.take('visit.continue', {});
    asked = [];
    kiosk.cardChanged({ state: 'reading', insertion: 2 });
    expect(asked).toEqual([]);
    kiosk.cardChanged(completeState(bram, 2));
    expect(asked).toEqual(['forget', 'read', 'wipe']);
    expect(JSON.stringify(views.at(-1))).not.toMatch(/Testenaere|Proefstuck/);
    kiosk.cardChanged(completeState(bram, 3));
    expect(screen()).toBe('identity');
  });
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
