import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OperatorStatus, OperatorView } from '../../contract/operator.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import type { AuditEvent } from '../audit/audit.ts';
import type { QueueStatus } from '../outbox/outbox.ts';
import type { TerminalIdentity } from '../terminal/identity/identity.ts';
import { makeClock } from '../testing/outbox-room.ts';
import type { Services } from './assemble-status.ts';
import { createOperatorDesk, type DeskParts, type OperatorDesk } from './operator-desk.ts';

const secret = new Secret({ buffer: new Uint8Array(20).fill(7).buffer }).base32;
const identity = {
  terminal: 'kiosk-2',
  operatorSecret: secret,
  certificateUntil: new Date('2027-11-22T00:00:00.000Z'),
  keyStore: 'file',
  rootSha256: '0a'.repeat(32),
} as TerminalIdentity;
const at = (minute: string) => `2026-11-22T09:${minute}:00.000Z`;
const queue: QueueStatus = {
  generation: 'AAAAAAAAAAA',
  waiting: [
    { form: 'street-defect', reference: 'KTR-0000-0001', keptAt: at('20') },
    { form: 'gone-form', reference: 'KTR-0000-0002', keptAt: at('25') },
    { form: 'street-defect', reference: 'KTR-0000-0003', keptAt: at('10') },
  ],
  needsPerson: [{ form: 'street-defect', reference: 'KTR-0000-0004', keptAt: at('05'), reason: 'invalid', behind: 2 }],
  received: 7,
  lost: 1,
  freeMebibytes: 900,
};

let folder: string;
let clock: ReturnType<typeof makeClock>;
let views: (OperatorView | null)[];
let logged: string[];
let audited: AuditEvent[];
let asked: unknown[];
let current: TerminalIdentity | null;
let damaged: boolean;
let decided: number;
let brokenAt: number | null;
let camera: OperatorStatus['camera'];
let services: Services;
let enrolled: PromiseWithResolvers<Result<TerminalIdentity, 'code_refused'>>;
let desk: OperatorDesk;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'loket-desk-'));
  clock = makeClock('2026-11-22T10:00:05.000Z');
  [views, logged, audited, asked, current, damaged] = [[], [], [], [], identity, false];
  [decided, brokenAt, camera] = [1, null, null];
  enrolled = Promise.withResolvers();
  services = {
    outbox: {
      status: () => queue,
      probe: () => ok(null),
      decide: (...decision) => {
        asked.push(decision);
        return decided;
      },
      waitingDeliveries: function* () {},
      losses: () => [],
      markLossesRead: () => asked.push('read'),
      isSalvaging: () => false,
      problem: () => null,
    },
    attachments: null,
    uploads: { countWaiting: () => 2 },
    sync: {
      status: () => ({ state: 'up', since: at('59'), problem: null, lastContact: at('59'), clockOffset: 3, standing: 'held_revoked' }),
      hurry: () => asked.push('hurry'),
    },
    keySets: { status: () => ({ serial: 4, nextUpdate: at('30'), late: true }) },
    bundles: { status: () => ({ current: { serial: 9, madeAt: at('31') }, problem: 'older' }) },
  };
  desk = makeDesk();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const makeDesk = (changes: Partial<DeskParts> = {}) =>
  createOperatorDesk({
    config: {
      terminal: 'kiosk-2',
      name: 'Kiosk 2',
      languages: ['nl', 'fr'],
      screen: { pxPerMm: 'fit', kiosk: true },
      storage: { reserveMebibytes: 64, keepDays: 30, exportFolder: folder, openPort: null, shutPort: null },
    },
    folder,
    registry: {
      current: () => current,
      damaged: () => damaged,
      enrol: (code) => {
        asked.push(code);
        return enrolled.promise;
      },
    },
    services: () => services,
    titleOf: (form, language) => (form === 'street-defect' ? `defect in ${language}` : null),
    chooseFolder: null,
    audit: { write: (_visit, event) => audited.push(event), brokenAt: () => brokenAt },
    camera: () => camera,
    clock,
    log: (event) => logged.push(event),
    publish: (view) => views.push(view),
    onEnrolled: ({ terminal }) => asked.push(`enrolled ${terminal}`),
    ...changes,
  });

const newest = () => views.at(-1);
const page = () => newest()?.page;
const rightCode = () => new TOTP({ secret }).generate({ timestamp: clock.wall().getTime() });
function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    clock.moveTicks(1_000);
    clock.moveWall(1_000);
    vi.advanceTimersByTime(1_000);
  }
}
function signIn(): void {
  desk.open();
  desk.take('operator.sign_in', { code: rightCode() });
}

describe('who may see it', () => {
  it('asks a code, and shows everything after the right one, on record', () => {
    desk.open();
    expect(page()).toEqual({ page: 'sign_in', wrong: false, waitSeconds: 0 });
    desk.take('operator.sign_in', { code: '000000' });
    expect(page()).toEqual({ page: 'sign_in', wrong: true, waitSeconds: 0 });
    desk.take('operator.sign_in', { code: rightCode() });
    expect(page()).toMatchObject({ page: 'status' });
    expect(audited).toEqual([{ event: 'operator_refused' }, { event: 'operator_signed_in' }]);
    for (const view of views) OperatorView.parse(view);
  });

  it('before that it does nothing that an operator may ask', () => {
    desk.open();
    desk.take('operator.sync', {});
    desk.take('operator.export', {});
    desk.take('operator.decide', { reference: 'KTR-0000-0004', decision: 'aside' });
    desk.take('operator.losses_read', { lost: 1 });
    desk.take('operator.enrol', { code: 'X' });
    desk.take('operator.enrol_anew', {});
    desk.take('operator.back', {});
    expect([asked, page()]).toEqual([[], { page: 'sign_in', wrong: false, waitSeconds: 0 }]);
  });

  it('the wait after wrong codes is counted down on the page', () => {
    desk.open();
    for (let tries = 0; tries < 5; tries += 1) desk.take('operator.sign_in', { code: '000000' });
    expect(page()).toMatchObject({ waitSeconds: 30 });
    pass(2);
    expect(page()).toMatchObject({ waitSeconds: 28 });
    desk.take('operator.sign_in', { code: rightCode() });
    expect(page()).toMatchObject({ page: 'sign_in', waitSeconds: 28 });
  });

  it('each opening asks anew', () => {
    signIn();
    desk.take('operator.leave', {});
    expect(newest()).toBeNull();
    desk.open();
    expect(page()).toMatchObject({ page: 'sign_in' });
  });

  it('does nothing while it is not open', () => {
    desk.take('operator.sign_in', { code: rightCode() });
    desk.close();
    expect([views, audited, logged]).toEqual([[], [], []]);
  });
});

describe('when it goes away', () => {
  it('after two quiet minutes, said half a minute before', () => {
    signIn();
    pass(90);
    expect(newest()?.closesInSeconds).toBeNull();
    pass(1);
    expect(newest()?.closesInSeconds).toBe(29);
    desk.take('operator.active', {});
    expect(newest()?.closesInSeconds).toBeNull();
    pass(119);
    expect(newest()).not.toBeNull();
    pass(1);
    expect(newest()).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['reading', 'identity', 'complete', 'not_an_eid', 'upside_down_or_dirty'])('at once when a card comes in: %s', (state) => {
    signIn();
    desk.cardChanged({ state } as never);
    expect(newest()).toBeNull();
  });

  it.each(['empty', 'no_reader', 'restarting', 'needs_attention'])('not for news of a reader without a card: %s', (state) => {
    signIn();
    desk.cardChanged({ state } as never);
    expect(newest()).not.toBeNull();
  });
});

describe('the status', () => {
  const status = () => {
    const shown = page();
    if (shown?.page !== 'status') throw new Error('not signed in');
    return OperatorStatus.parse(shown.status);
  };

  it('says what waits by form, what needs a person, and who this terminal is', () => {
    signIn();
    expect(status()).toEqual({
      at: '2026-11-22T10:00:05.000Z',
      terminal: {
        id: 'kiosk-2',
        name: 'Kiosk 2',
        standing: 'held_revoked',
        certificateUntil: '2027-11-22T00:00:00.000Z',
        keyStore: 'file',
        root: Array(16).fill('0A0A').join(' '),
      },
      line: {
        state: 'up',
        problem: null,
        lastContact: at('59'),
        clockOffset: 3,
        keySet: { serial: 4, nextUpdate: at('30'), late: true },
        bundle: { serial: 9, madeAt: at('31') },
        bundleProblem: 'older',
      },
      queue: {
        generation: 'AAAAAAAAAAA',
        waiting: [
          { title: 'defect in nl', count: 2, oldest: at('10') },
          { title: 'gone-form', count: 1, oldest: at('25') },
        ],
        references: [
          { reference: 'KTR-0000-0001', title: 'defect in nl', keptAt: at('20') },
          { reference: 'KTR-0000-0002', title: 'gone-form', keptAt: at('25') },
          { reference: 'KTR-0000-0003', title: 'defect in nl', keptAt: at('10') },
        ],
        needsPerson: [{ reference: 'KTR-0000-0004', title: 'defect in nl', keptAt: at('05'), reason: 'invalid', behind: 2 }],
        photos: 2,
        salvaging: false,
        received: 7,
        lost: 1,
        freeMebibytes: 900,
        accepts: 'ok',
      },
      audit: 'ok',
      camera: null,
      queueProblem: null,
    });
  });

  it('in the language that is chosen, of those that the town offers', () => {
    signIn();
    desk.take('operator.language', { language: 'fr' });
    expect([newest()?.language, status().queue?.waiting[0]?.title]).toEqual(['fr', 'defect in fr']);
    desk.take('operator.language', { language: 'de' });
    expect(newest()?.language).toBe('fr');
  });

  it('looks again by itself', () => {
    signIn();
    services = { ...services, outbox: services.outbox && { ...services.outbox, status: () => ({ ...queue, received: 8 }) } };
    pass(2);
    expect(status().queue?.received).toBe(8);
  });

  it('shows a hundred thousand without sending them all, and does not read them at every tick', () => {
    const many = Array.from({ length: 100_000 }, () => ({ form: 'street-defect', reference: 'KTR-0000-0001', keptAt: at('20') }));
    let reads = 0;
    const read = () => {
      reads += 1;
      clock.moveTicks(300);
      return { ...queue, waiting: many };
    };
    services = { ...services, outbox: services.outbox && { ...services.outbox, status: read } };
    signIn();
    pass(14);
    expect([status().queue?.waiting[0]?.count, status().queue?.references.length, reads]).toEqual([100_000, 500, 1]);
    pass(2);
    expect(reads).toBe(2);
  });

  it('without a queue, a line or a bundle it says so', () => {
    services = { outbox: null, attachments: null, uploads: null, sync: null, keySets: null, bundles: null };
    signIn();
    expect(status()).toMatchObject({
      terminal: { standing: 'active' },
      line: { state: 'unknown', keySet: null, bundle: null },
      queue: null,
    });
  });

  it.each(['disk_full', 'read_only', 'in_use', 'newer_version', 'failed'] as const)('a queue that could not be opened: %s', (why) => {
    services = { ...services, outbox: services.outbox && { ...services.outbox, problem: () => why } };
    signIn();
    expect([status().queue, status().queueProblem]).toEqual([null, why]);
  });

  it('a queue that cannot be read is none, and the rest is still shown', () => {
    const broken = () => {
      throw new Error('SQLITE_IOERR');
    };
    services = { ...services, outbox: services.outbox && { ...services.outbox, status: broken } };
    signIn();
    expect([status().queue, status().queueProblem, status().line.state, logged]).toEqual([
      null,
      'failed',
      'up',
      ['operator_opened', 'operator_signed_in', 'storage_failed'],
    ]);
  });

  it('hands on what an operator asks, with a decision on record', () => {
    signIn();
    desk.take('operator.sync', {});
    desk.take('operator.decide', { reference: 'KTR-0000-0004', decision: 'again' });
    desk.take('operator.decide', { reference: 'KTR-0000-0004', decision: 'aside' });
    expect(asked).toEqual(['hurry', ['KTR-0000-0004', 'again'], 'hurry', ['KTR-0000-0004', 'aside'], 'hurry']);
    expect(audited.slice(1)).toEqual([
      { event: 'operator_decided', reference: 'KTR-0000-0004', decision: 'again' },
      { event: 'operator_decided', reference: 'KTR-0000-0004', decision: 'aside' },
    ]);
    expect(page()).toMatchObject({ problem: null });
  });

  it('a decision that changes nothing is said, and not on record', () => {
    signIn();
    decided = 0;
    desk.take('operator.decide', { reference: 'KTR-0000-0004', decision: 'aside' });
    expect([page(), audited.slice(1), asked]).toMatchObject([{ problem: 'nothing_decided' }, [], [['KTR-0000-0004', 'aside']]]);
    decided = 1;
    desk.take('operator.decide', { reference: 'KTR-0000-0004', decision: 'aside' });
    expect(page()).toMatchObject({ problem: null });
  });

  it('nor is one that the disk does not take', () => {
    const full = () => {
      throw new Error('SQLITE_FULL');
    };
    services = { ...services, outbox: services.outbox && { ...services.outbox, decide: full } };
    signIn();
    desk.take('operator.decide', { reference: 'KTR-0000-0004', decision: 'aside' });
    expect([page(), audited.slice(1)]).toMatchObject([{ problem: 'not_decided' }, []]);
  });

  it('what the disk lost is read once it is the number that was shown, on record', () => {
    signIn();
    desk.take('operator.losses_read', { lost: 2 });
    expect([asked, audited.slice(1)]).toEqual([[], []]);
    desk.take('operator.losses_read', { lost: 1 });
    expect([asked, audited.slice(1)]).toEqual([['read'], [{ event: 'operator_read_losses', records: 1 }]]);
  });

  it('says that the camera fails, and that the audit has a break or no file', () => {
    signIn();
    [brokenAt, camera] = [7, 'busy'];
    pass(2);
    expect([status().audit, status().camera]).toEqual(['broken', 'busy']);
    desk = makeDesk({ audit: null });
    signIn30sLater();
    expect(status().audit).toBe('not_written');
  });
});

function signIn30sLater(): void {
  clock.moveWall(30_000);
  signIn();
}

describe('the port', () => {
  const shut = () => (existsSync(join(folder, 'shut')) ? readFileSync(join(folder, 'shut'), 'utf8').length : 0);
  function makeDeskWithPort(): void {
    const program = `setTimeout(() => require('fs').appendFileSync(${JSON.stringify(join(folder, 'shut'))}, 'x'), 200)`;
    const storage = { reserveMebibytes: 64, keepDays: 30, exportFolder: folder, openPort: null };
    const config = { terminal: 'kiosk-2', name: 'Kiosk 2', languages: ['nl' as const], screen: { pxPerMm: 'fit' as const, kiosk: true } };
    desk = makeDesk({ config: { ...config, storage: { ...storage, shutPort: [process.execPath, '-e', program] } } });
  }

  it('is shut at each start: the last one may have ended with it open', async () => {
    makeDeskWithPort();
    await vi.waitFor(() => expect(shut()).toBe(1));
  });

  it('is shut before the app ends, also where somebody pressed twice', async () => {
    services.outbox = {
      ...(services.outbox as NonNullable<Services['outbox']>),
      losses: () => [{ id: '1', statement: 'a.b.c', claims: { terminal: 'kiosk-2' } as never }],
    };
    makeDeskWithPort();
    await vi.waitFor(() => expect(shut()).toBe(1));
    signIn();
    desk.take('operator.export', {});
    desk.take('operator.export', {});
    await desk.stop();
    expect(shut()).toBe(2);
  });
});

describe('an export', () => {
  const state = () => {
    const shown = page();
    return shown?.page === 'status' ? shown.export : null;
  };
  beforeEach(() => {
    const losses = () => [{ id: '1', statement: 'aaa.bbb.ccc', claims: { terminal: 'kiosk-2' } as never }];
    services = { ...services, outbox: services.outbox && { ...services.outbox, losses } };
  });

  it('is shown from its beginning to its end, and goes on record', async () => {
    signIn();
    desk.take('operator.export', {});
    desk.take('operator.export', {});
    expect(state()).toEqual({ state: 'working' });
    await vi.waitFor(() => expect(state()).toMatchObject({ state: 'done', records: 0, folder: 'loket-kiosk-2-2026-11-22-100005' }));
    expect(audited.filter(({ event }) => event === 'queue_exported')).toHaveLength(1);
    desk.close();
    signIn30sLater();
    expect(state()).toEqual({ state: 'idle' });
  });

  it('that ends while nobody looks is shown to who signs in next', async () => {
    signIn();
    desk.take('operator.export', {});
    desk.close();
    await vi.waitFor(() => expect(logged).toContain('exported'));
    signIn30sLater();
    expect(state()).toMatchObject({ state: 'done' });
  });

  it('is waited for when the app ends', async () => {
    signIn();
    desk.take('operator.export', {});
    await desk.stop();
    expect(logged.at(-1)).toMatch(/^(not_)?exported$/);
    desk.open();
    expect(newest()).toBeNull();
  });
});

describe('enrolment', () => {
  it('is asked for where there is no identity, and there is no other way to the status', async () => {
    current = null;
    desk.open();
    expect(page()).toEqual({ page: 'enrol', state: 'asking', why: 'first', problem: null });
    desk.take('operator.back', {});
    desk.take('operator.enrol', { code: 'abcd' });
    desk.take('operator.enrol', { code: 'abcd' });
    expect([asked, page()]).toMatchObject([['abcd'], { state: 'working' }]);
    enrolled.resolve(refuse('code_refused'));
    await vi.waitFor(() => expect(page()).toMatchObject({ page: 'enrol', state: 'asking', problem: 'code_refused' }));
  });

  async function enrol(): Promise<void> {
    current = null;
    desk.open();
    desk.take('operator.enrol', { code: 'abcd' });
    current = identity;
    enrolled.resolve(ok(identity));
    await enrolled.promise;
    await Promise.resolve();
  }

  it('says that it worked, long enough to be read, and then tells whoever wires the app', async () => {
    await enrol();
    expect(page()).toMatchObject({ page: 'enrol', state: 'done' });
    pass(7);
    expect(asked).toEqual(['abcd']);
    desk.take('operator.back', {});
    expect(page()).toMatchObject({ page: 'enrol', state: 'done' });
    pass(1);
    expect(asked).toEqual(['abcd', 'enrolled kiosk-2']);
    desk.close();
    expect(asked).toHaveLength(2);
  });

  it('does not wait for an operator who has left', async () => {
    await enrol();
    desk.take('operator.leave', {});
    expect(asked).toEqual(['abcd', 'enrolled kiosk-2']);
    pass(10);
    expect(asked).toHaveLength(2);
  });

  it('starts nothing anew when the app ends', async () => {
    await enrol();
    await desk.stop();
    pass(10);
    expect(asked).toEqual(['abcd']);
  });

  it('says when there was an identity that cannot be read', () => {
    [current, damaged] = [null, true];
    desk.open();
    expect(page()).toMatchObject({ page: 'enrol', why: 'damaged' });
  });

  it('anew: only for who signed in, with a way back', () => {
    signIn();
    desk.take('operator.enrol_anew', {});
    expect(page()).toMatchObject({ page: 'enrol', why: 'anew' });
    desk.take('operator.back', {});
    expect(page()).toMatchObject({ page: 'status' });
  });

  it('an identity that comes another way meanwhile asks for a code first', () => {
    current = null;
    desk.open();
    current = identity;
    desk.take('operator.back', {});
    pass(1);
    expect(page()).toEqual({ page: 'sign_in', wrong: false, waitSeconds: 0 });
  });

  it('ends the wait after wrong codes', async () => {
    writeFileSync(join(folder, 'operator-sign-in.json'), JSON.stringify({ wrong: 9, lastStep: 0, clockOffset: null }));
    current = null;
    desk = makeDesk();
    desk.open();
    desk.take('operator.enrol', { code: 'abcd' });
    enrolled.resolve(ok(identity));
    await vi.waitFor(() => expect(page()).toMatchObject({ state: 'done' }));
    current = identity;
    desk.close();
    signIn();
    expect(page()).toMatchObject({ page: 'status' });
  });
});

it('a code counts by the middleware’s clock, as last heard', () => {
  clock.moveWall(365 * 86_400_000);
  const code = new TOTP({ secret }).generate({ timestamp: clock.wall().getTime() - 365 * 86_400_000 });
  const behind = { ...services.sync?.status(), clockOffset: -365 * 86_400 } as ReturnType<NonNullable<Services['sync']>['status']>;
  services = { ...services, sync: { hurry: () => undefined, status: () => behind } };
  desk.noteContact();
  desk.open();
  desk.take('operator.sign_in', { code });
  expect(page()).toMatchObject({ page: 'status' });
});

it('draws again for a page that has just come', () => {
  desk.open();
  const before = views.length;
  desk.take('operator.ready', {});
  expect([views.length, newest()?.revision]).toEqual([before + 1, 2]);
});
