import type { Server } from 'node:https';
import type { FastifyBaseLogger, FastifyHttpsOptions } from 'fastify';

type Destination = { write(line: string): void };

/**
 * Warnings and errors only, and of them what names no person: the route's pattern instead of the address, an error's
 * kind and place instead of its message (PostgreSQL quotes whole rows in its messages and details).
 */
export function createLogOptions(destination?: Destination): NonNullable<FastifyHttpsOptions<Server, FastifyBaseLogger>['logger']> {
  return {
    level: 'warn',
    base: null,
    serializers: {
      req: (request) => ({ method: request.method, route: request.routeOptions?.url ?? 'none' }),
      res: (reply) => ({ statusCode: reply.statusCode }),
      err: describeError,
    },
    ...(destination === undefined ? {} : { stream: destination }),
  };
}

export function describeError(error: unknown): { type: string; message: string; stack: string; code: string } {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '', code: '' };
  // Without the message first: a line of it may look like a place.
  const places = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  const code = 'code' in error ? String(error.code) : '';
  return { type: error.name, message: '', stack: places.join('\n'), code };
}
