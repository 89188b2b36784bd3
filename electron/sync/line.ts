import type { Agent } from 'undici';
import { answerWithinMs } from '../../contract/wire.ts';

export type LineAnswer = { status: number; mediaType: string; body: string };

/** The one connection to the middleware. Throws on anything that is not an HTTP answer within the deadlines. */
export type Line = {
  get(path: string): Promise<LineAnswer>;
  post(path: string, mediaType: string, body: string): Promise<LineAnswer>;
  close(): Promise<void>;
};

const connectMs = 5_000;
const largestAnswer = 1024 * 1024;

/** TLS to `url`, trusting `root` and no other: a certificate of any public authority is as good as none. */
export function createLine({ url, root }: { url: string; root: string }): Line {
  // Loaded with the first request: the kiosk's first page does not wait for an HTTP client.
  const client = lazily(async () => {
    const { Agent, request } = await import('./http-client.ts');
    const agent: Agent = new Agent({
      connect: { ca: root, timeout: connectMs, minVersion: 'TLSv1.3' },
      headersTimeout: answerWithinMs,
      bodyTimeout: answerWithinMs,
      maxResponseSize: largestAnswer,
      connections: 2,
    });
    return { agent, request };
  });
  async function ask(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body: string | null): Promise<LineAnswer> {
    const { agent, request } = await client();
    const answer = await request(new URL(path, url), {
      dispatcher: agent,
      method,
      headers,
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const mediaType = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    return { status: answer.statusCode, mediaType: mediaType.trim().toLowerCase(), body: await answer.body.text() };
  }
  return {
    get: (path) => ask('GET', path, {}, null),
    post: (path, mediaType, body) => ask('POST', path, { 'content-type': mediaType }, body),
    close: async () => (await client()).agent.destroy(),
  };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
