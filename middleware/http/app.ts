import type { Server } from 'node:https';
import Fastify from 'fastify';
import { largestBatchText, mediaType, problems } from '../../contract/wire.ts';
import { DatabaseUnavailable } from '../store/database.ts';
import { createLogOptions } from './log.ts';
import { parseBatch } from './parse-batch.ts';
import { Refusal, refusalOfFramework, sendRefusal } from './problem.ts';

export type AppOptions = {
  /** PEM. `terminalCa`: whose certificates terminals are asked for. */
  tls: { key: string; cert: string; terminalCa: string };
  trustedProxies: readonly string[];
  log?: { write(line: string): void } | undefined;
};

export type App = ReturnType<typeof createApp>;

/** The HTTPS server with what holds for every route: limits, headers, refusals as problem+json. No route yet. */
export function createApp({ tls, trustedProxies, log }: AppOptions) {
  const app = Fastify<Server>({
    https: {
      key: tls.key,
      cert: tls.cert,
      minVersion: 'TLSv1.2',
      // Asked for and not insisted on: people's pages need none, and a terminal whose certificate expired still delivers.
      // Whoever shows one proves its key all the same; terminals/ judges whose it is.
      requestCert: true,
      rejectUnauthorized: false,
      ca: tls.terminalCa,
    },
    logger: createLogOptions(log),
    bodyLimit: largestBatchText,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    requestTimeout: 30_000,
    // Fastify's own answer while closing is no problem+json; what still comes in on an open connection is simply answered.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, _request, reply) => {
      sendRefusal(reply, refusalOfFramework(error) ?? new Refusal('ourMistake', 500));
    },
    clientErrorHandler: (_error, socket) => {
      // Not even HTTP: there is no request to answer through.
      const body = JSON.stringify({ ...problems.badRequest, status: 400 });
      if (socket.writable)
        socket.write(
          `HTTP/1.1 400 Bad Request\r\ncontent-type: ${mediaType.problem}\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
        );
      socket.destroy();
    },
  });

  // Routes take the one media type that they are for; no route takes another by accident.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(mediaType.batch, { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    // Without Fastify's look for `__proto__`: nothing but the schema's names is read of a delivery, and it is merged with nothing.
    try {
      done(null, parseBatch(body));
    } catch {
      done(new Refusal('badRequest', 400));
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer').header('cache-control', 'no-store');
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') throw new Refusal('mediaType', 415);
  });
  app.setNotFoundHandler((_request, reply) => sendRefusal(reply, new Refusal('notFound', 404)));
  app.setErrorHandler((error, request, reply) => {
    const refusal = error instanceof Refusal ? error : refusalOfFramework(error);
    if (refusal !== null) return sendRefusal(reply, refusal);
    if (error instanceof DatabaseUnavailable) {
      request.log.warn({ err: error, req: request }, 'database_unavailable');
      return sendRefusal(reply, new Refusal('unavailable', 503, 10));
    }
    request.log.error({ err: error, req: request }, 'request_failed');
    return sendRefusal(reply, new Refusal('ourMistake', 500));
  });
  return app;
}
