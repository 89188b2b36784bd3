import type { Readable } from 'node:stream';
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
  answer(input: Input, terminal: Terminal, request: Request): Promise<Answer>;
};

/** A route for terminals that takes JSON and gives lines of it, one by one as they come. */
export type LinesRoute<Input> = Omit<JsonRoute<Input, never>, 'answer'> & {
  answer(input: Input, terminal: Terminal, request: Request): Promise<Readable>;
};

/** A route for terminals that takes and gives JSON. A terminal speaks for itself alone. Limited per terminal. */
export function addJsonRoute<Input extends { terminal: string }, Answer extends object>(app: App, route: JsonRoute<Input, Answer>): void {
  add(app, route, mediaType.json, async (request) => {
    const { input, terminal } = await meetTerminal(route, request);
    return await route.answer(input, terminal, request);
  });
}

export function addLinesRoute<Input extends { terminal: string }>(app: App, route: LinesRoute<Input>): void {
  add(app, route, mediaType.lines, async (request) => {
    const { input, terminal } = await meetTerminal(route, request);
    return await route.answer(input, terminal, request);
  });
}

async function meetTerminal<Input extends { terminal: string }>(
  route: Omit<JsonRoute<Input, never>, 'answer'>,
  request: Request,
): Promise<{ input: Input; terminal: Terminal }> {
  const terminal = await route.who(request);
  hurry(route.bucket, terminal.id);
  const input = readInput(route.input, request);
  if (input.terminal !== terminal.id) throw new Refusal('unknownTerminal', 403);
  return { input, terminal };
}

/** A route for anybody that takes and gives JSON. Limited per network. */
export function addOpenJsonRoute<Input, Answer extends object>(
  app: App,
  route: Route<Input> & { answer(input: Input): Promise<Answer> },
): void {
  add(app, route, mediaType.json, async (request) => {
    hurry(route.bucket, networkOf(request.ip));
    return await route.answer(readInput(route.input, request));
  });
}

function add<Input>(
  app: App,
  { path, bodyLimit = usualLimit }: Route<Input>,
  type: typeof mediaType.json | typeof mediaType.lines,
  answer: (request: Request) => Promise<object>,
): void {
  // A scope of its own: only this route takes plain JSON, and nothing else.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(mediaType.json, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));
    scope.post(path, { bodyLimit }, async (request, reply) => reply.type(type).send(await answer(request)));
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
