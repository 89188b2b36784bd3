import type * as z from 'zod';
import { mediaType } from '../../contract/wire.ts';
import type { App } from './app.ts';
import { Refusal, type Request } from './problem.ts';
import { networkOf, type TokenBucket } from './token-bucket.ts';

/** Two certificates and a token, in base64, with room. */
const bodyLimit = 32 * 1024;

export type JsonRoute<Input, Answer> = {
  path: string;
  input: z.ZodType<Input>;
  terminals: ReadonlySet<string>;
  bucket: TokenBucket;
  answer(input: Input): Promise<Answer>;
};

/**
 * A route for terminals that takes and gives JSON. The limit is per terminal and network: as long as anybody may call
 * himself a terminal, a stranger uses up his own share and not a kiosk's.
 */
export function addJsonRoute<Input extends { terminal: string }, Answer extends object>(app: App, route: JsonRoute<Input, Answer>): void {
  // A scope of its own: only this route takes plain JSON, and nothing else.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(mediaType.json, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));
    scope.post(route.path, { bodyLimit }, async (request, reply) => {
      const input = readInput(route, request);
      const wait = route.bucket.take(`${input.terminal} ${networkOf(request.ip)}`);
      if (wait > 0) throw new Refusal('tooMany', 429, wait);
      return reply.type(mediaType.json).send(await route.answer(input));
    });
  });
}

function readInput<Input extends { terminal: string }>(
  { input, terminals }: Pick<JsonRoute<Input, object>, 'input' | 'terminals'>,
  request: Request,
): Input {
  const read = input.safeParse(request.body);
  if (!read.success) throw new Refusal('badRequest', 400);
  if (!terminals.has(read.data.terminal)) throw new Refusal('unknownTerminal', 403);
  return read.data;
}
