import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request as ask } from 'undici';
import { tus } from '../../../contract/attachment.ts';
import type { SigningKey } from '../../../electron/testing/fake-middleware.ts';
import type { DemoKeys } from '../../../middleware/demo-keys.ts';
import { createChance } from '../yank/chance.ts';
import { forgeReply, parse } from './forged-reply.ts';
import { type CountsByFault, chooseFault, type LineFault } from './line-faults.ts';

/**
 * The line of one terminal. It ends the TLS of both sides with the run's own keys (the terminal's towards the middleware,
 * the middleware's towards the terminal), because only who reads the exchanges can bring a request twice, late or after a
 * later one, or an answer in another's place. Both sides run their own code, mutual authentication included; neither knows
 * of it. Each exchange's fault is decided by the seed and the number of the exchange.
 */
export type FaultLine = {
  url: string;
  /** Faults on or off. */
  setFaults(on: boolean): void;
  /** From now on nobody gets through, or everybody again. */
  setDown(down: boolean): void;
  close(): Promise<void>;
};

export type FaultLineOptions = {
  seed: number;
  keys: DemoKeys;
  identity: { key: string; cert: string; ca: string };
  forger: SigningKey;
  /** How often it answers; against `usualWeights`. */
  forged: number;
  counts: CountsByFault;
  /** Where the middleware listens; null while it is gone. */
  origin: () => string | null;
  /** Called for what goes to the middleware, and for each answer right before the terminal gets it. */
  onForward: () => void;
  onAnswer: () => void;
};

type Answer = { status: number; headers: Record<string, string>; body: Buffer };

const ofUploads = Object.values(tus.headers);
const ofRequests = ['content-type', 'priority', 'if-match', ...ofUploads];
const ofAnswers = ['content-type', 'retry-after', ...ofUploads];

const portal = '<!doctype html><title>Wifi</title><p>Aanvaard de voorwaarden.</p>\n';

export async function startFaultLine(options: FaultLineOptions): Promise<FaultLine> {
  const { seed, keys, identity, forger, counts } = options;
  const agent = new Agent({ connect: identity, keepAliveTimeout: 2_000, connections: 4 });
  const former = new Map<string, Answer>();
  const stray = new Set<Promise<void>>();
  const closing = new AbortController();
  let latestNews: unknown = null;
  let exchanges = 0;
  let faulty = true;
  let down = false;

  const server = createServer(
    {
      key: keys.tls.key.pem,
      cert: `${keys.tls.certificate.pem}\n${keys.tls.root.pem}`,
      ca: [keys.terminalCa.certificate.pem, keys.tls.root.pem],
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
    },
    (request, response) => {
      handle(request, response).catch(() => drop(request));
    },
  );

  /** `until`: the connection to the middleware ends when so much of the body went over it. */
  async function forward(request: IncomingMessage, body: Buffer, until = body.length): Promise<Answer | null> {
    const origin = options.origin();
    if (origin === null) return null;
    try {
      const headers = pick(request.headers, ofRequests);
      const whole = body.length > 0 ? body : null;
      const sent = ask(new URL(request.url ?? '/', origin), {
        dispatcher: agent,
        method: request.method ?? 'GET',
        headers: until < body.length ? { ...headers, 'content-length': String(body.length) } : headers,
        body: until < body.length ? tear(body.subarray(0, until)) : whole,
        signal: AbortSignal.timeout(20_000),
      });
      options.onForward();
      const reply = await sent;
      const answer = {
        status: reply.statusCode,
        headers: pick(reply.headers, ofAnswers),
        body: Buffer.from(await reply.body.arrayBuffer()),
      };
      if (answer.status < 300) remember(request, answer);
      return answer;
    } catch {
      return null;
    }
  }

  function remember({ method, url }: IncomingMessage, answer: Answer): void {
    former.set(`${method} ${url}`, answer);
    const said = parse(answer.body);
    if (url === '/v1/line') latestNews = said;
    else if (typeof said === 'object' && said !== null && 'news' in said) latestNews = said.news;
  }

  /** What still arrives when whoever sent it has long given up. */
  function sendLater(ms: number, request: IncomingMessage, body: Buffer): void {
    const later = wait(ms, undefined, { signal: closing.signal })
      .then(() => forward(request, body))
      .then(
        () => undefined,
        () => undefined,
      );
    stray.add(later);
    later.then(() => stray.delete(later));
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    exchanges += 1;
    const chance = createChance(seed + exchanges * 7919);
    const fault: LineFault = faulty ? chooseFault(chance, options.forged) : { kind: 'none' };
    if (down) return drop(request);
    counts[fault.kind] += 1;
    const answer = await exchange(request, body, fault);
    if (answer === null) return drop(request);
    options.onAnswer();
    if (fault.kind === 'cut') return cutOff(request, response, answer, fault.at);
    if (fault.kind === 'shortened') answer.body = answer.body.subarray(0, Math.floor(answer.body.length * fault.at));
    response.writeHead(answer.status, headersOf(answer)).end(answer.body);
  }

  /** Null: no answer. */
  async function exchange(request: IncomingMessage, body: Buffer, fault: LineFault): Promise<Answer | null> {
    switch (fault.kind) {
      case 'reset':
        return null;
      case 'torn':
        await forward(request, body, Math.floor(body.length * fault.at));
        return null;
      case 'lost':
        await forward(request, body);
        return null;
      case 'delayed': {
        const answer = await forward(request, body);
        await wait(fault.ms, undefined, { signal: closing.signal });
        return answer;
      }
      case 'late':
        sendLater(fault.ms, request, body);
        return null;
      case 'twice':
        return await Promise.race([forward(request, body), forward(request, body)]);
      case 'again':
        sendLater(fault.ms, request, body);
        return await forward(request, body);
      case 'former': {
        const before = former.get(`${request.method} ${request.url}`);
        const answer = await forward(request, body);
        return before ? { ...before } : answer;
      }
      case 'forged': {
        const forged = forgeReply(body, forger, latestNews);
        if (forged === null) {
          counts.forged -= 1;
          counts.none += 1;
          return await forward(request, body);
        }
        return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(forged) };
      }
      case 'portal':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: Buffer.from(portal) };
      case 'failing':
        return { status: 502, headers: { 'content-type': 'text/html' }, body: Buffer.from('<h1>Bad gateway</h1>') };
      default: {
        const answer = await forward(request, body);
        return answer && { ...answer };
      }
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');

  return {
    url: `https://localhost:${address.port}`,
    setFaults(on) {
      faulty = on;
    },
    setDown(next) {
      down = next;
    },
    async close() {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(stray);
      await agent.destroy();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Headers and a part of the body, and then the connection is gone. */
function cutOff(request: IncomingMessage, response: ServerResponse, answer: Answer, at: number): void {
  response.writeHead(answer.status, headersOf(answer));
  response.write(answer.body.subarray(0, Math.floor(answer.body.length * at)), () => drop(request));
}

/** RFC 9110, 8.6: an answer without a body has no length either. */
function headersOf({ status, headers, body }: Answer): Record<string, string | number> {
  return status === 204 ? headers : { ...headers, 'content-length': body.length };
}

function tear(part: Uint8Array): Readable {
  return Readable.from(
    (async function* () {
      yield part;
      throw new Error('torn');
    })(),
  );
}

function drop({ socket }: IncomingMessage): void {
  socket.destroy();
}

function pick(headers: Record<string, string | string[] | undefined>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));
}
