import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySet } from '../../../contract/key-set.ts';
import { sealSuite } from '../../../contract/transaction.ts';
import { makeKey, makeKeySet, signKeySet } from '../../testing/fake-middleware.ts';
import { makeClock, makeSealKey } from '../../testing/outbox-room.ts';
import type { TextAnswer } from '../line.ts';
import { chooseSealKey, openKeySets } from './key-set.ts';

const root = makeKey('set');
const keys = { receipt: makeKey('r1'), bundle: makeKey('b1') };
const first = makeKeySet(keys);
const second = makeKeySet({ ...keys, receipt: makeKey('r2') }, { serial: 2, nextUpdate: '2027-03-01T00:00:00.000Z' });

let folder: string;
let answer: () => Promise<TextAnswer>;
let asked: string[];
let logged: unknown[];
const clock = makeClock();

const jose = (body: string): TextAnswer => ({ status: 200, mediaType: 'application/jose', body });

function open(keySet = signKeySet(first, root)) {
  return openKeySets({
    file: join(folder, 'keys', 'set.jws'),
    identity: { keySetKey: root.jwk, keySet },
    line: {
      get: async (path) => {
        asked.push(path);
        return answer();
      },
    },
    clock,
    log: (event, detail) => logged.push([event, detail]),
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-key-set-'));
  asked = [];
  logged = [];
  answer = async () => jose(signKeySet(second, root));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('uses what enrolment gave until there is a newer one, and that one from then on, also after a start', async () => {
  const sets = open();
  expect([...sets.receiptKeys().keys()]).toEqual(['r1']);
  await sets.hear({ keySetSerial: 1 });
  expect(asked).toEqual([]);
  await sets.hear({ keySetSerial: 2 });
  expect(asked).toEqual(['/v1/keys']);
  expect([...sets.receiptKeys().keys()]).toEqual(['r2']);
  expect([...open().receiptKeys().keys()]).toEqual(['r2']);
});

it('asks once when many contacts tell it at the same time', async () => {
  const sets = open();
  await Promise.all([sets.hear({ keySetSerial: 2 }), sets.hear({ keySetSerial: 2 })]);
  expect(asked).toHaveLength(1);
});

describe('keeps what it has', () => {
  const bad: [string, () => Promise<TextAnswer>][] = [
    ['without a line', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['when a portal answers', async () => ({ status: 200, mediaType: 'text/html', body: '<p>Wifi</p>' })],
    ['when it is refused', async () => ({ status: 403, mediaType: 'application/problem+json', body: '{}' })],
    ['when another key signed', async () => jose(signKeySet(second, makeKey('set')))],
    ['when it is another signed thing', async () => jose(signKeySet(second, root, 'loket-bundle'))],
    ['when it is cut', async () => jose(signKeySet(second, root).slice(0, -20))],
    ['when it is enormous', async () => jose(signKeySet({ ...second, padding: 'x'.repeat(60_000) }, root))],
    ['when it is no newer', async () => jose(signKeySet({ ...second, serial: 1 }, root))],
    [
      'when a key in it is no key',
      async () =>
        jose(signKeySet({ ...second, receipt: [{ ...second.receipt[0], jwk: { ...keys.receipt.jwk, y: 'A'.repeat(43) } }] }, root)),
    ],
    ['when it would leave no key to seal to', async () => jose(signKeySet({ ...second, seal: [] }, root))],
  ];
  it.each(bad)('%s', async (_name, given) => {
    answer = given;
    const sets = open();
    await sets.hear({ keySetSerial: 2 });
    expect(sets.current()).toEqual(first);
    expect(open().current()).toEqual(first);
  });

  it('when an older one is laid in its place on disk', async () => {
    await open().hear({ keySetSerial: 2 });
    writeFileSync(join(folder, 'keys', 'set.jws'), signKeySet(first, root));
    expect(open(signKeySet(second, root)).current()).toEqual(second);
  });

  it('when what is on disk is damaged, or of another enrolment', async () => {
    await open().hear({ keySetSerial: 2 });
    const file = join(folder, 'keys', 'set.jws');
    writeFileSync(file, readFileSync(file, 'utf8').slice(3));
    expect(open().current()).toEqual(first);
    writeFileSync(file, signKeySet({ ...second, serial: 9 }, makeKey('set')));
    expect(open().current()).toEqual(first);
  });
});

describe('what is sealed to', () => {
  const dated = (id: string, from: string) => ({ ...makeSealKey(id), from, until: '2030-01-01T00:00:00.000Z', suite: sealSuite }) as const;
  const set: KeySet = {
    ...first,
    issuedAt: '2026-11-01T00:00:00.000Z',
    seal: [dated('next', '2026-12-24T00:00:00.000Z'), dated('old', '2026-01-01T00:00:00.000Z'), dated('now', '2026-10-01T00:00:00.000Z')],
  };

  it.each([
    ['is the latest that has begun', '2026-11-22T10:00:00.000Z', 'now'],
    ['changes when the next begins', '2026-12-24T00:00:00.000Z', 'next'],
    ['is there with a clock ten years ahead', '2036-11-22T10:00:00.000Z', 'next'],
    ['is what had begun when the set was made, with a clock ten years behind', '2016-11-22T10:00:00.000Z', 'now'],
  ])('%s', (_name, at, id) => {
    expect(chooseSealKey(set, new Date(at)).id).toBe(id);
  });

  it('is the newest when none has begun by any clock', () => {
    const future = { ...set, seal: [dated('a', '2040-01-01T00:00:00.000Z'), dated('b', '2041-01-01T00:00:00.000Z')] };
    expect(chooseSealKey(future, new Date('2026-11-22T10:00:00.000Z')).id).toBe('b');
  });
});

it('says that the next set is late, and goes on', () => {
  const sets = open(signKeySet({ ...first, nextUpdate: '2026-11-22T09:59:59.000Z' }, root));
  expect(sets.status()).toEqual({ serial: 1, nextUpdate: '2026-11-22T09:59:59.000Z', late: true });
  expect(sets.sealKey().id).toBe('seal-1');
  expect(open().status().late).toBe(false);
});

it('does not open with a set that nobody signed: the terminal is not enrolled', () => {
  expect(() => open(signKeySet(first, makeKey('set')))).toThrow('no_key_set');
});

it('a set with a seal key that is no point is not taken: nothing could be kept with it', async () => {
  const broken = makeKeySet(keys, { serial: 2 });
  const [seal] = broken.seal;
  if (!seal) throw new Error('no seal key');
  answer = async () => jose(signKeySet({ ...broken, seal: [{ ...seal, jwk: { ...seal.jwk, x: seal.jwk.y } }] }, root));
  const sets = open();
  await sets.hear({ keySetSerial: 2 });
  expect(sets.current().serial).toBe(1);
});
