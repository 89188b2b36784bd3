import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { writeCode } from '../../contract/enrolment.ts';
import { mediaType } from '../../contract/wire.ts';
import { askOnce } from '../../electron/terminal/identity/ask-once.ts';
import type { AskOnce } from '../../electron/terminal/identity/enrol.ts';
import { chooseKeyStore, fileKeyStore, type KeyStore } from '../../electron/terminal/identity/key-store.ts';
import { openRegistry, type RegistryParts } from '../../electron/terminal/identity/registry.ts';
import { makeDemoKeys } from '../../middleware/demo-keys.ts';
import { openTestBench, type TestBench, type TestMiddleware } from '../../middleware/testing/harness.ts';

/** The terminal's own enrolment against the real middleware, over real TLS. */

let bench: TestBench;
let middleware: TestMiddleware;
let folder: string;
beforeAll(async () => {
  bench = await openTestBench();
  // Each question comes an hour after the one before: this is not about patience.
  let hours = 0;
  const uptime = () => {
    hours += 1;
    return hours * 3_600_000;
  };
  middleware = await bench.start({}, { uptime });
}, 60_000);
afterAll(() => bench.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-identity-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function codeFor(terminal: string): Promise<string> {
  const body = JSON.stringify({ terminal, name: 'Kiosk' });
  const reply = await middleware.ask('/demo/enrolments', { method: 'POST', headers: { 'content-type': mediaType.json }, body });
  return ((await reply.json()) as { code: string }).code;
}

const open = (changes: Partial<RegistryParts> = {}) =>
  openRegistry({
    folder,
    terminal: 'kiosk-9',
    url: middleware.url,
    keyStore: fileKeyStore,
    ask: askOnce,
    now: () => new Date(),
    ...changes,
  });

const askAs = (registry: ReturnType<typeof open>, path: string) => {
  const tls = registry.current()?.tls;
  return middleware.ask(path, { as: tls ? { key: tls.key, cert: tls.cert } : null });
};

test('a code, typed as people type, gives an identity that the middleware knows, and it is there after a restart', async () => {
  const registry = open();
  expect([registry.current(), registry.damaged()]).toEqual([null, false]);
  const code = await codeFor('kiosk-9');
  const enrolled = await registry.enrol(` ${code.toLowerCase().replaceAll('-', ' ')} `);
  expect(enrolled).toMatchObject({ ok: true, value: { terminal: 'kiosk-9', keyStore: 'file' } });
  expect((await askAs(registry, '/v1/keys')).status).toBe(200);
  const again = open();
  expect(again.current()).toMatchObject({ terminal: 'kiosk-9', keyId: registry.current()?.keyId });
  expect((await askAs(again, '/v1/keys')).status).toBe(200);
  expect(readdirSync(folder)).toEqual(['identity.json']);
  expect(statSync(join(folder, 'identity.json')).mode & 0o777).toBe(0o600);
});

test('a code of another middleware is not followed: nothing is sent to whoever answers', async () => {
  const asked: string[] = [];
  const spy: AskOnce = (request) => {
    asked.push(request.path);
    return askOnce(request);
  };
  const stranger = writeCode(new Uint8Array(8), new Uint8Array(12));
  expect(await open({ ask: spy }).enrol(stranger)).toEqual({ ok: false, error: 'not_the_middleware' });
  expect(asked).toEqual(['/v1/root']);
});

test('somebody in between who shows the right root, but cannot serve behind it, gets nothing', async () => {
  // The root is public: whoever stands in between can hand it on.
  const code = await codeFor('kiosk-9');
  const root = bench.keys.tls.root.pem;
  const others = await makeDemoKeys(join(folder, 'stranger'));
  const posted: string[] = [];
  const stranger = createServer({ key: others.tls.key.pem, cert: others.tls.certificate.pem }, (request, response) => {
    if (request.method === 'POST') posted.push(String(request.url));
    response.setHeader('content-type', mediaType.pem).end(root);
  });
  await new Promise<void>((resolve) => stranger.listen(0, 'localhost', resolve));
  const address = stranger.address();
  const url = `https://localhost:${typeof address === 'object' ? address?.port : 0}`;
  try {
    expect(await open({ url }).enrol(code)).toEqual({ ok: false, error: 'not_the_middleware' });
    expect(posted).toEqual([]);
  } finally {
    stranger.close();
  }
  expect((await open().enrol(code)).ok).toBe(true);
});

test('an answer that got lost: the same code works again, because the key was kept', async () => {
  const code = await codeFor('kiosk-9');
  const losing: AskOnce = async (request) => {
    const answer = await askOnce(request);
    if (request.post !== null) throw new Error('cut');
    return answer;
  };
  expect(await open({ ask: losing }).enrol(code)).toEqual({ ok: false, error: 'no_connection' });
  expect((await open().enrol(code)).ok).toBe(true);
});

test.each([429, 500, 503])('a middleware that answers %i has no time: nothing is said against the code', async (status) => {
  const code = await codeFor('kiosk-9');
  const ask: typeof askOnce = async (request) =>
    request.post === null ? await askOnce(request) : { status, mediaType: 'application/problem+json', body: '{}' };
  expect(await open({ ask }).enrol(code)).toEqual({ ok: false, error: 'busy' });
  expect((await open().enrol(code)).ok).toBe(true);
});

test.each([
  ['a word', 'hello', 'not_a_code'],
  ['too long', 'A'.repeat(33), 'not_a_code'],
])('%s is no code', async (_name, code, error) => {
  expect(await open().enrol(code)).toEqual({ ok: false, error });
});

test('a used code, a code of another terminal, nobody there: each has its own word', async () => {
  const code = await codeFor('kiosk-9');
  expect((await open().enrol(code)).ok).toBe(true);
  expect(await open({ folder: join(folder, 'other') }).enrol(code)).toEqual({ ok: false, error: 'code_refused' });
  expect(await open().enrol(await codeFor('kiosk-8'))).toEqual({ ok: false, error: 'code_refused' });
  expect(await open({ url: 'https://localhost:9' }).enrol(code)).toEqual({ ok: false, error: 'no_connection' });
});

test('a reply that certifies another key, another name or has another key set is not believed', async () => {
  const change =
    (edit: (body: Record<string, unknown>) => Record<string, unknown>): AskOnce =>
    async (request) => {
      const answer = await askOnce(request);
      return request.post === null || answer.status !== 200 ? answer : { ...answer, body: JSON.stringify(edit(JSON.parse(answer.body))) };
    };
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const other = open({ folder: join(folder, 'other') });
  await other.enrol(await codeFor('kiosk-9'));
  const certificates = [...(other.current()?.tls.cert ?? '').matchAll(/CERTIFICATE-----\n([^-]+)-/g)].map((match) =>
    match[1]?.replaceAll('\n', ''),
  );
  for (const edit of [
    (body: Record<string, unknown>) => ({ ...body, terminal: 'kiosk-1' }),
    (body: Record<string, unknown>) => ({ ...body, certificates }),
    (body: Record<string, unknown>) => ({ ...body, certificates: (body.certificates as string[]).slice(0, 1) }),
    (body: Record<string, unknown>) => ({ ...body, keySetKey: { kty, crv, x, y } }),
  ]) {
    const registry = open({ ask: change(edit) });
    expect(await registry.enrol(await codeFor('kiosk-9'))).toEqual({ ok: false, error: 'not_the_middleware' });
    expect(open().current()).toBeNull();
  }
});

test('a damaged, half-written or copied file is no identity, and is said to be there', async () => {
  await open().enrol(await codeFor('kiosk-9'));
  const file = join(folder, 'identity.json');
  const whole = readFileSync(file, 'utf8');
  expect(open({ terminal: 'kiosk-1' }).current()).toBeNull();
  const swapped = JSON.parse(whole);
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const secrets = Buffer.from(JSON.stringify({ privateKey: pem, operatorSecret: 'A'.repeat(32) })).toString('base64');
  for (const text of [
    whole.slice(0, 200),
    '',
    '{}',
    JSON.stringify({ ...swapped, secrets }),
    JSON.stringify({ ...swapped, keyStore: 'system' }),
  ]) {
    writeFileSync(file, text);
    const registry = open();
    expect([registry.current(), registry.damaged()]).toEqual([null, true]);
  }
  expect((await open().enrol(await codeFor('kiosk-9'))).ok).toBe(true);
  expect(open().current()?.terminal).toBe('kiosk-9');
});

test('the certificate is renewed at two thirds of its life, with a new key, and not before', async () => {
  const registry = open();
  await registry.enrol(await codeFor('kiosk-9'));
  const first = registry.current();
  if (!first) throw new Error('not enrolled');
  const post = async (path: string, type: string, body: string) => {
    const reply = await middleware.ask(path, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
      as: { key: first.tls.key, cert: first.tls.cert },
    });
    return { status: reply.status, mediaType: reply.headers.get('content-type')?.split(';')[0] ?? '', body: await reply.text() };
  };
  expect(await registry.renewInTime(post)).toBeNull();
  const later = open({ now: () => new Date(Date.now() + 45 * 86_400_000) });
  expect(await later.renewInTime(() => Promise.reject(new Error('no line')))).toBeNull();
  const next = await later.renewInTime(post);
  expect(next?.keyId).not.toBe(first.keyId);
  expect(open().current()?.keyId).toBe(next?.keyId);
  expect((await askAs(later, '/v1/keys')).status).toBe(200);
});

test('a keyring that is one keeps the secrets; one that is only a password in the source is called a file', async () => {
  const storage = (backend: string) => ({
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => backend,
    encryptString: (text: string) => Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a)),
    decryptString: (bytes: Buffer) => Buffer.from([...bytes].map((byte) => byte ^ 0x5a)).toString(),
  });
  expect(chooseKeyStore(storage('basic_text'), 'linux').kind).toBe('file');
  expect(chooseKeyStore(storage('unknown'), 'linux').kind).toBe('file');
  expect(chooseKeyStore({ ...storage('gnome_libsecret'), isEncryptionAvailable: () => false }, 'linux').kind).toBe('file');
  const keyStore: KeyStore = chooseKeyStore(storage('gnome_libsecret'), 'linux');
  expect(keyStore.kind).toBe('system');
  await open({ keyStore }).enrol(await codeFor('kiosk-9'));
  const written = readFileSync(join(folder, 'identity.json'), 'utf8');
  expect(Buffer.from(JSON.parse(written).secrets, 'base64').toString()).not.toContain('PRIVATE KEY');
  expect(open({ keyStore }).current()?.keyStore).toBe('system');
  expect(open().damaged()).toBe(true);
});
