import type * as z from 'zod';
import { mediaType } from '../../contract/wire.ts';
import type { Terminal } from '../terminals/terminals.ts';
import type { App } from './app.ts';
import { Refusal, type Request } from './problem.ts';
import { networkOf, type TokenBucket } from './token-bucket.ts';

/** Two certificates and a token, in base64, with room. */
const usualLimit = 32 * 1024;

type Route<Input> = { path: string; input: z.ZodType<Input>; bucket: TokenBucket; bodyLimit?: number };

export type JsonRoute<Input, Answer> = Route<Input> & {
  /** `requireActive`, or `requireAny` where a held terminal may ask too. */
  who(request: Request): Promise<Terminal>;
  answer(input: Input, terminal: Terminal): Promise<Answer>;
};

/** A route for terminals that takes and gives JSON. A terminal speaks for itself alone. Limited per terminal. */
export function addJsonRoute<Input extends { terminal: string }, Answer extends object>(app: App, route: JsonRoute<Input, Answer>): void {
  add(app, route, async (request) => {
    const terminal = await route.who(request);
    hurry(route.bucket, terminal.id);
    const input = readInput(route.input, request);
    if (input.terminal !== terminal.id) throw new Refusal('unknownTerminal', 403);
    return await route.answer(input, terminal);
  });
}

/** A route for anybody that takes and gives JSON. Limited per network. */
export function addOpenJsonRoute<Input, Answer extends object>(
  app: App,
  route: Route<Input> & { answer(input: Input): Promise<Answer> },
): void {
  add(app, route, async (request) => {
    hurry(route.bucket, networkOf(request.ip));
    return await route.answer(readInput(route.input, request));
  });
}

function add<Input>(app: App, { path, bodyLimit = usualLimit }: Route<Input>, answer: (request: Request) => Promise<object>): void {
  // A scope of its own: only this route takes plain JSON, and nothing else.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(mediaType.json, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));
    scope.post(path, { bodyLimit }, async (request, reply) => reply.type(mediaType.json).send(await answer(request)));
  });
}

function hurry(bucket: TokenBucket, asker: string): void {
  const wait = bucket.take(asker);
  if (wait > 0) throw new Refusal('tooMany', 429, wait);
}

function readInput<Input>(input: z.ZodType<Input>, request: Request): Input {
  const read = input.safeParse(request.body);
  if (!read.success) throw new Refusal('badRequest', 400);
  return read.data;
}
