import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoLine } from '../../contract/dock.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import type { Arrival, SentMessage } from './middleware-process.ts';

const arrival: Arrival = {
  txId: 'x',
  reference: 'KTR-0000-0000',
  product: null,
  trust: null,
  receivedAt: '2026-01-02T03:04:05.000Z',
  copies: 1,
  state: 'new',
  status: null,
};

const message: SentMessage = { at: arrival.receivedAt, channel: 'phone', to: '+32470123456', text: 'Uw code is 123456.' };

let line: DemoLine;
let answers: boolean;
let server: ControlServer;

beforeEach(async () => {
  line = 'up';
  answers = true;
  server = await startControlServer({
    line: () => line,
    setLine: async (next) => {
      line = next;
    },
    fetchTransactions: async () => {
      if (!answers) throw new Error('no answer');
      return [arrival];
    },
    fetchMessages: async () => [message],
  });
});
afterEach(() => server.close());

const post = (url: string, body: string) => fetch(url, { method: 'POST', body });

test('tells what was received and sent, and how the line is', async () => {
  expect(await (await fetch(`${server.url}/received`)).json()).toEqual({
    line: 'up',
    received: [{ at: arrival.receivedAt, reference: arrival.reference, product: '', copies: 1 }],
    messages: [message],
  });
});

test('turns the line', async () => {
  expect((await post(`${server.url}/line`, '{"line":"down"}')).status).toBe(200);
  expect(line).toBe('down');
});

test.each([
  ['nothing', ''],
  ['no JSON', 'down'],
  ['an empty object', '{}'],
  ['no such line', '{"line":"sideways"}'],
  ['more than a line', '{"line":"down","more":1}'],
  ['more than it reads', `{"line":"down"${' '.repeat(2000)}}`],
])('leaves the line as it is when asked with %s', async (_name, body) => {
  expect((await post(`${server.url}/line`, body)).status).toBe(400);
  expect(line).toBe('up');
});

test('who does not know the address gets nothing', async () => {
  const { origin } = new URL(server.url);
  for (const path of ['/', '/received', '/line', `/${'0'.repeat(48)}/received`]) expect((await fetch(origin + path)).status).toBe(404);
  expect((await post(`${origin}/line`, '{"line":"down"}')).status).toBe(404);
  expect(line).toBe('up');
});

test('a middleware that does not answer is said, not waited for', async () => {
  answers = false;
  expect((await fetch(`${server.url}/received`)).status).toBe(502);
});
