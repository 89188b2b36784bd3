import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createFetch } from './fetch-bounded.ts';

const { fetch, close } = createFetch();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(close);

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return new URL(`http://127.0.0.1:${address.port}/`);
}

const ask = async (listener: RequestListener, timeoutMs = 10_000) => {
  const answer = await fetch(await serve(listener), { limit: 1000, timeoutMs });
  return answer.ok ? answer.value.length : answer.error;
};

test('an answer up to its limit is taken, whole', async () => {
  expect(await ask((_request, response) => response.end(Buffer.alloc(1000)))).toBe(1000);
  expect(await ask((_request, response) => response.end())).toBe(0);
});

test('one byte more is not, whether its length was told or not', async () => {
  expect(await ask((_request, response) => response.end(Buffer.alloc(1001)))).toBe('too_large');
  const pieces: RequestListener = (_request, response) => {
    response.write(Buffer.alloc(900));
    response.end(Buffer.alloc(101));
  };
  expect(await ask(pieces)).toBe('too_large');
});

test('an answer that is small only while it is packed is not unpacked', async () => {
  const packed = gzipSync(Buffer.alloc(1_000_000));
  expect(await ask((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed))).toBe('too_large');
  expect(await ask((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed.subarray(0, 900)))).toBe(900);
});

test('anything but 200 is a refusal, and is not followed', async () => {
  for (const status of [204, 301, 302, 307, 401, 404, 500, 503]) {
    let asked = 0;
    const answer = await ask((_request, response) => {
      asked++;
      response.writeHead(status, { location: '/' }).end(status === 204 ? undefined : Buffer.alloc(100_000));
    });
    expect([status, answer, asked]).toEqual([status, 'refused', 1]);
  }
});

test('a server that never answers, never ends, hangs up or talks nonsense has said nothing', async () => {
  const cases: RequestListener[] = [
    () => undefined,
    (_request, response) => response.write('a'),
    (request) => request.socket.destroy(),
    (request) => request.socket.end('SSH-2.0-OpenSSH\r\n'),
    (_request, response) => {
      response.writeHead(200, { 'content-length': '50' }).write('cut');
      response.destroy();
    },
  ];
  for (const each of cases) expect(await ask(each, 500)).toBe('no_answer');
  expect(await fetch(new URL('http://127.0.0.1:1/'), { limit: 10, timeoutMs: 500 })).toEqual({ ok: false, error: 'no_answer' });
  expect(await fetch(new URL('http://nobody.invalid/'), { limit: 10, timeoutMs: 2000 })).toEqual({ ok: false, error: 'no_answer' });
});
