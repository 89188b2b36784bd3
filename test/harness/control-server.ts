import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';
import { DemoLine } from '../../contract/dock.ts';
import type { Arrival, SentMessage } from './middleware-process.ts';

/**
 * What the demo's dock talks to: on this machine alone, and under an address that nobody can guess, so that no web page
 * in a browser beside it can pull the line.
 */
export type ControlServer = { url: string; close(): Promise<void> };

const LineInput = z.strictObject({ line: DemoLine });
const largestBody = 1000;

export async function startControlServer(parts: {
  line: () => DemoLine;
  setLine: (line: DemoLine) => Promise<void>;
  fetchTransactions: () => Promise<Arrival[]>;
  fetchMessages: () => Promise<SentMessage[]>;
}): Promise<ControlServer> {
  const path = `/${randomBytes(24).toString('hex')}`;

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (request.method === 'GET' && request.url === `${path}/received`) {
      const [arrivals, messages] = await Promise.all([parts.fetchTransactions(), parts.fetchMessages()]);
      const received = arrivals.map(({ receivedAt, reference, product, copies }) => ({
        at: receivedAt,
        reference,
        product: product ?? '',
        copies,
      }));
      return { status: 200, body: { line: parts.line(), received, messages } };
    }
    if (request.method === 'POST' && request.url === `${path}/line`) {
      const input = LineInput.safeParse(await readJson(request));
      if (!input.success) return { status: 400, body: { error: 'line' } };
      await parts.setLine(input.data.line);
      return { status: 200, body: input.data };
    }
    return { status: 404, body: { error: 'unknown' } };
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (reply) => send(response, reply.status, reply.body),
      () => send(response, 502, { error: 'the middleware did not answer' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the control server has no port');
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > largestBody) return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
