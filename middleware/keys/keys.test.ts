import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, importJWK } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeySet } from '../../contract/key-set.ts';
import { makeTxId } from '../testing/fake-terminal.ts';
import { prepareKeySet } from './key-set.ts';
import { currentKey, isWhole, KeysFile, publicHalf, toKeySet } from './keys-file.ts';
import { makeKeysFile, makePrivateJwk } from './make-keys.ts';
import { rotateKeys } from './rotate.ts';

const start = new Date('2026-11-20T10:00:00.000Z');
const day = 86_400_000;
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-rotate-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(keys: KeysFile): Promise<void> {
  await writeFile(path, JSON.stringify(keys), { mode: 0o600 });
}
async function read(): Promise<KeysFile> {
  return KeysFile.parse(JSON.parse(await readFile(path, 'utf8')));
}

test('a set says what the file says, and nothing private', async () => {
  const keys = makeKeysFile(start);
  const signed = await prepareKeySet(keys);
  if (!signed.ok) throw new Error(signed.error);
  const { payload, protectedHeader } = await compactVerify(signed.value.jws, await importJWK(signed.value.publicJwk, 'ES256'));
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'loket-key-set' });
  const text = new TextDecoder().decode(payload);
  expect(KeySet.parse(JSON.parse(text))).toEqual(toKeySet(keys));
  for (const { privateJwk } of [...keys.seal, ...keys.receipt, ...keys.bundle]) expect(text).not.toContain(privateJwk.d);
  expect(text).not.toContain(keys.operatorKey);
});

test('rotating while another process does: nothing changes; one that died is no obstacle', async () => {
  const before = makeKeysFile(start);
  await write(before);
  await writeFile(`${path}.rotating`, String(process.ppid));
  expect(await rotateKeys(path, null, start)).toMatchObject({ ok: false, error: expect.stringContaining('under way') });
  expect(await read()).toEqual(before);
  await writeFile(`${path}.rotating`, '4194305');
  expect((await rotateKeys(path, null, start)).ok).toBe(true);
});

test('rotating: a new key of each kind with a head start, a higher serial, the old ones stay', async () => {
  const before = makeKeysFile(start);
  await write(before);
  const later = new Date(start.getTime() + 90 * day);
  const rotated = await rotateKeys(path, null, later);
  if (!rotated.ok) throw new Error(rotated.error);
  const after = await read();
  expect(after.serial).toBe(before.serial + 1);
  for (const kind of ['seal', 'receipt', 'bundle'] as const) {
    expect(after[kind].map(({ id }) => id)).toEqual([before[kind][0]?.id, rotated.value.ids[kind]]);
    expect(after[kind][0]).toEqual(before[kind][0]);
    expect(currentKey(after[kind], new Date(later.getTime() + day - 1)).id).toBe(before[kind][0]?.id);
    expect(currentKey(after[kind], new Date(later.getTime() + day)).id).toBe(rotated.value.ids[kind]);
  }
  expect([after.operatorKey, after.keySet]).toEqual([before.operatorKey, before.keySet]);
  expect(Date.parse(after.nextUpdate)).toBe(later.getTime() + 90 * day);
  expect((await prepareKeySet(after)).ok).toBe(true);
  expect(await readdir(folder)).toEqual(['keys.json']);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('one kind alone', async () => {
  const before = makeKeysFile(start);
  await write(before);
  expect(await rotateKeys(path, null, start, ['receipt'])).toMatchObject({ ok: true, value: { ids: { receipt: expect.any(String) } } });
  const after = await read();
  expect([after.seal, after.bundle, after.receipt.length]).toEqual([before.seal, before.bundle, 2]);
});

test('years of rotating stay within what a set may name, and every key is kept', async () => {
  await write(makeKeysFile(start));
  for (let quarter = 1; quarter <= 30; quarter++)
    expect((await rotateKeys(path, null, new Date(start.getTime() + quarter * 90 * day))).ok).toBe(true);
  const keys = await read();
  expect(keys.seal).toHaveLength(31);
  const set = KeySet.parse(toKeySet(keys));
  expect(set.seal.at(-1)?.id).toBe(keys.seal.at(-1)?.id);
});

test('with the key of the set kept apart: it is asked for once, and not stored', async () => {
  const whole = makeKeysFile(start);
  const apart = whole.keySet.privateJwk;
  if (apart === undefined) throw new Error('no private key');
  const keys: KeysFile = { ...whole, keySet: { publicJwk: whole.keySet.publicJwk } };
  await write(keys);
  expect(await prepareKeySet(keys)).toMatchObject({ ok: false });
  expect(await rotateKeys(path, null, start)).toMatchObject({ ok: false, error: expect.stringContaining('--key-set-key') });
  const keyFile = join(folder, 'apart.json');
  await writeFile(keyFile, JSON.stringify(makePrivateJwk()));
  expect(await rotateKeys(path, keyFile, start)).toMatchObject({
    ok: false,
    error: expect.stringContaining('not the one that terminals pinned'),
  });
  await writeFile(keyFile, 'no key');
  expect(await rotateKeys(path, keyFile, start)).toMatchObject({ ok: false });
  expect(await read()).toEqual(keys);

  await writeFile(keyFile, JSON.stringify(apart));
  expect((await rotateKeys(path, keyFile, start)).ok).toBe(true);
  expect(await readFile(path, 'utf8')).not.toContain(apart.d);
  const signed = await prepareKeySet(await read());
  expect(signed).toMatchObject({ ok: true, value: { set: { serial: 2 } } });
});

test('a signed set that does not say what the file says, or is signed by another, is refused', async () => {
  const whole = makeKeysFile(start);
  const signed = await prepareKeySet(whole);
  if (!signed.ok) throw new Error(signed.error);
  const keySet = { publicJwk: whole.keySet.publicJwk, signed: signed.value.jws };
  expect(await prepareKeySet({ ...whole, keySet })).toMatchObject({ ok: true });
  expect(await prepareKeySet({ ...whole, serial: 2, keySet })).toMatchObject({ ok: false, error: expect.stringContaining('does not say') });
  const other = { ...keySet, publicJwk: publicHalf(makePrivateJwk()) };
  expect(await prepareKeySet({ ...whole, keySet: other })).toMatchObject({ ok: false, error: expect.stringContaining('not signed') });
  const halves = { publicJwk: publicHalf(makePrivateJwk()), privateJwk: whole.keySet.privateJwk };
  expect(await prepareKeySet({ ...whole, keySet: halves })).toMatchObject({ ok: false, error: expect.stringContaining('belong together') });
});

test('a private half that is not of this public one is noticed', () => {
  const [one, other] = [makePrivateJwk(), makePrivateJwk()];
  expect(isWhole(one)).toBe(true);
  expect(isWhole({ ...one, d: other.d })).toBe(false);
  expect(isWhole({ ...one, d: 'A'.repeat(43) })).toBe(false);
});

test('before any key has begun, the first to begin is used: a clock that is far off leaves no one without', () => {
  const keys = makeKeysFile(start).seal;
  expect(currentKey(keys, new Date('2016-01-01T00:00:00.000Z'))).toBe(keys[0]);
});

test('a file that is none is a sentence', async () => {
  expect(await rotateKeys(join(folder, 'absent.json'), null, start)).toMatchObject({
    ok: false,
    error: expect.stringContaining('keys'),
  });
  await writeFile(path, JSON.stringify({ txId: makeTxId() }));
  expect(await rotateKeys(path, null, start)).toMatchObject({ ok: false });
});
