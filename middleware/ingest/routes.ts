import { unreachable } from '../../contract/result.ts';
import { type BatchReply, mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { Refusal } from '../http/problem.ts';
import { readBatch } from './read-batch.ts';
import { type IngestParts, takeBatch } from './take-batch.ts';

export function addIngest(app: App, parts: IngestParts & { terminals: ReadonlySet<string>; taken: () => void }): void {
  app.post('/v1/transactions', async (request, reply) => {
    const batch = readBatch(request.body, parts.terminals);
    if (!batch.ok) throw refusalOf(batch.error);
    const answer: BatchReply = { results: await takeBatch(parts, batch.value) };
    parts.taken();
    return reply.type(mediaType.json).send(answer);
  });
}

function refusalOf(error: 'not_a_batch' | 'unknown_terminal' | 'nothing_readable'): Refusal {
  switch (error) {
    case 'not_a_batch':
      return new Refusal('notABatch', 422);
    case 'unknown_terminal':
      return new Refusal('unknownTerminal', 403);
    case 'nothing_readable':
      return new Refusal('nothingReadable', 422);
    default:
      return unreachable(error);
  }
}
