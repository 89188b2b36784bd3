import type { Agent } from 'undici';
import { answerWithinMs } from '../../contract/wire.ts';
import { LineError, toLineError } from './line-problem.ts';

export type TextAnswer = { status: number; mediaType: string; body: string };
/** Header names in small letters. */
export type LineAnswer = { status: number; mediaType: string; headers: Readonly<Record<string, string>>; body: Uint8Array };
/** An answer that comes piece by piece: whoever reads it says how much may come. */
export type LineStream = { status: number; mediaType: string; body: AsyncIterable<Uint8Array> };

/**
 * The one connection to the middleware, for all that goes up or comes down. Throws `LineError` for anything that is not
 * an HTTP answer within deadline and size; what an answer is worth is for the caller to judge (`problemOf`).
 */
export type Line = {
  request(
    method: 'GET' | 'POST' | 'HEAD' | 'PATCH' | 'DELETE',
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string | Uint8Array | null,
  ): Promise<LineAnswer>;
  get(path: string): Promise<TextAnswer>;
  post(path: string, mediaType: string, body: string): Promise<TextAnswer>;
  /** A POST whose answer is read while it comes. Without a piece for as long as an answer may take, the line is gone. */
  stream(path: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<LineStream>;
  close(): Promise<void>;
};

/** PEM: own key and certificate with what issued it, and the one root that is believed. */
export type LineTls = { key: string; cert: string; ca: string };

const connectMs = 5_000;
/** A bundle's largest file, or its manifest in its envelope. */
const largestAnswer = 1024 * 1024 + 64 * 1024;

/**
 * TLS to `url` as this terminal, trusting its own root and no other: a certificate of any public authority is as good as
 * none. `tls` is asked at each request: after a renewal the next one goes with the new certificate.
 */
export function createLine({ url, tls, deadlineMs = answerWithinMs }: { url: string; tls: () => LineTls; deadlineMs?: number }): Line {
  let current: { tls: LineTls; agent: Agent; streams: Agent } | null = null;
  let closed = false;

  async function client() {
    // Loaded with the first request: the kiosk's first page does not wait for an HTTP client.
    const { Agent, request } = await import('./http-client.ts');
    if (closed) throw new LineError('no_connection');
    const wanted = tls();
    if (current?.tls !== wanted) {
      const common = {
        connect: { key: wanted.key, cert: wanted.cert, ca: wanted.ca, timeout: connectMs, minVersion: 'TLSv1.3' as const },
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
        keepAliveTimeout: 20_000,
      };
      // One for what is sent, one for whoever stands before the kiosk.
      const agent = new Agent({ ...common, maxResponseSize: largestAnswer, connections: 2 });
      const streams = new Agent({ ...common, connections: 1 });
      // What is under way with the certificate before ends first.
      for (const old of [current?.agent, current?.streams]) old?.close().catch(() => undefined);
      current = { tls: wanted, agent, streams };
    }
    return { ...current, request };
  }

  const ask: Line['request'] = async (method, path, headers = {}, body = null) => {
    try {
      const { agent, request } = await client();
      const signal = AbortSignal.timeout(deadlineMs);
      const answer = await request(new URL(path, url), { dispatcher: agent, method, headers, body, signal });
      const given = plainHeaders(answer.headers);
      // As it came: nothing packed was asked for, and nothing is unpacked, which is how a small answer becomes a large one.
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      return { status: answer.statusCode, mediaType: readMediaType(given), headers: given, body: bytes };
    } catch (error) {
      throw toLineError(error);
    }
  };
  const stream: Line['stream'] = async (path, headers, body, signal) => {
    try {
      const { streams, request } = await client();
      const answer = await request(new URL(path, url), { dispatcher: streams, method: 'POST', headers, body, signal });
      return { status: answer.statusCode, mediaType: readMediaType(plainHeaders(answer.headers)), body: answer.body };
    } catch (error) {
      throw toLineError(error);
    }
  };
  const asText = ({ status, mediaType, body }: LineAnswer): TextAnswer => ({ status, mediaType, body: new TextDecoder().decode(body) });

  return {
    request: ask,
    get: async (path) => asText(await ask('GET', path)),
    post: async (path, mediaType, body) => asText(await ask('POST', path, { 'content-type': mediaType }, body)),
    stream,
    async close() {
      closed = true;
      await Promise.all([current?.agent.destroy(), current?.streams.destroy()]);
    },
  };
}

function readMediaType(headers: Readonly<Record<string, string>>): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const pairs = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), String(value)]]));
  return Object.fromEntries(pairs);
}
