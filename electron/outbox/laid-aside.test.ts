import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeClock, makeContent, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { stateLoss } from './loss.ts';
import type { OpenOutbox } from './open-outbox.ts';
import type { Signer } from './room.ts';
import { beginAside, laidAside, listLaidAside, writeStatements } from './set-aside.ts';

const identity = makeSigner();
let base: string;
let folder: string;
let outbox: OpenOutbox;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'loket-aside-'));
  folder = join(base, 'queue');
  outbox = open();
});
afterEach(() => {
  outbox.close();
  rmSync(base, { recursive: true, force: true });
});

const open = (as: Signer = identity) => openTestOutbox(folder, { identity: as, clock: makeClock() });
function reopen(as: Signer = identity): void {
  outbox.close();
  outbox = open(as);
  outbox.finishChecks();
}

const keep = (...numbers: number[]) => numbers.map((number) => outbox.keep(makeContent(number), {}));
const stated = () => outbox.losses().map(({ claims }) => claims);
const layAside = (number: number) => outbox.decide(makeContent(number).reference, 'aside');
function layStuckAside(number: number): void {
  outbox.markStuck(makeContent(number).txId, 'invalid');
  expect(layAside(number)).toBe(1);
}

it('is stated: exactly that place, and the queue is closed where it was; another one begins in the same file', () => {
  keep(1, 2, 3);
  const before = outbox.head();
  layStuckAside(2);
  const after = outbox.head();
  expect(after).toMatchObject({ sequence: 0 });
  expect(stated()).toMatchObject([
    {
      generation: before.generation,
      head: { sequence: 3, chain: Buffer.from(before.chain).toString('base64url') },
      missing: [[2, 2]],
      successor: after.generation,
    },
  ]);
  keep(4);
  expect(outbox.head()).toMatchObject({ generation: after.generation, sequence: 1 });
  // Not lost: it lies where it lay.
  expect([outbox.status().lost, outbox.stateOf(makeContent(2).txId)]).toEqual([0, 'aside']);
  reopen();
  expect(stated()).toHaveLength(1);
  expect(outbox.head()).toMatchObject({ generation: after.generation, sequence: 1 });
});

it('two of one queue are two statements that say the same head, each heard by itself; no third queue begins', () => {
  keep(1, 2, 3);
  layStuckAside(1);
  keep(4);
  const { generation } = outbox.head();
  layStuckAside(3);
  expect(outbox.head()).toMatchObject({ generation, sequence: 1 });
  const [first, second] = outbox.losses();
  expect([first?.claims.missing, second?.claims.missing]).toEqual([[[1, 1]], [[3, 3]]]);
  expect(second?.claims).toMatchObject({ head: first?.claims.head, successor: generation });
  outbox.markLossHeard(second?.id ?? '');
  expect(outbox.losses()).toEqual([first]);
});

it('nothing that was not laid aside is stated, and what was decided already is not decided again', () => {
  keep(1, 2);
  outbox.markStuck(makeContent(1).txId, 'invalid');
  expect(outbox.decide(makeContent(2).reference, 'aside')).toBe(0);
  expect(outbox.decide(makeContent(1).reference, 'again')).toBe(1);
  expect(layAside(1)).toBe(0);
  expect(stated()).toEqual([]);
});

it('a crash before the statement: the next start makes it', () => {
  keep(1, 2);
  outbox.markStuck(makeContent(1).txId, 'invalid');
  layAside(1);
  // The decision stands in the database; the statement had not been written.
  rmSync(join(folder, 'set-aside'), { recursive: true });
  reopen();
  expect(stated()).toMatchObject([{ missing: [[1, 1]], head: { sequence: 2 } }]);
});

it('its statement that the disk damaged is made anew', () => {
  keep(1, 2);
  layStuckAside(1);
  const before = stated();
  for (const content of ['', '[]]', '{}']) {
    writeFileSync(join(folder, 'set-aside', '0001', 'statements.json'), content);
    reopen();
    expect(stated()).toEqual(before);
  }
  expect(readdirSync(join(folder, 'set-aside'))).toEqual(['0001']);
});

it('of a former name: this terminal cannot speak for that one, and says nothing', () => {
  keep(1);
  reopen(makeSigner('kiosk-3'));
  expect(layAside(1)).toBe(1);
  reopen(makeSigner('kiosk-3'));
  expect([stated(), outbox.status().needsPerson]).toEqual([[], []]);
});

it('only a place alone is a person’s word: notes made anew may have put this name on a statement about a loss', () => {
  keep(1);
  const head = outbox.head();
  const { generation, sequence } = head;
  const owner = { terminal: identity.terminal, jwk: identity.publicJwk };
  const chain = Buffer.from(head.chain).toString('base64url');
  const queue = { ordinal: 1, generation, sequence, chain, owner, floor: 0, settled: 0, headKnown: true };
  const aside = beginAside(folder, { why: laidAside, at: '2026-11-22T10:00:00.000Z', successor: { ordinal: 2, generation }, queues: [] });
  writeStatements(aside, [
    stateLoss(identity, {
      queue,
      missing: [
        [3, 5],
        [7, 7],
      ],
      loss: aside.loss,
    }),
  ]);
  expect(listLaidAside(folder)).toEqual(new Map([[generation, new Set([7])]]));
});
