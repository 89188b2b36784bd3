import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { createGateway, writeCode } from './messages.ts';

const message = writeCode({ channel: 'email', value: 'lotte@voorbeeld.example' }, '123456', 'nl');

async function gatewayOf(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return createGateway({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, reaches: ['email'] });
}

it('brings a message as JSON, and takes any 2xx for taken', async () => {
  const brought: unknown[] = [];
  const gateway = await gatewayOf(async (request, response) => {
    brought.push(JSON.parse(await text(request)));
    response.writeHead(202).end();
  });
  expect([await gateway.send(message), brought]).toEqual([true, [message]]);
});

it.each<[string, RequestListener]>([
  ['says no', (_request, response) => void response.writeHead(500).end()],
  ['sends it elsewhere', (_request, response) => void response.writeHead(307, { location: 'https://elsewhere.example/' }).end()],
  ['hangs up', (request) => void request.destroy()],
])('a gateway that %s has not taken it', async (_what, answer) => {
  expect(await (await gatewayOf(answer)).send(message)).toBe(false);
});

it('holds no connection for what a gateway says besides', async () => {
  const gone = Promise.withResolvers<void>();
  const gateway = await gatewayOf((_request, response) => {
    response.on('close', () => gone.resolve());
    response.writeHead(200).write('and ');
  });
  expect(await gateway.send(message)).toBe(true);
  await gone.promise;
  // Sooner than the ten seconds after which any message is given up.
}, 5_000);
