import * as z from 'zod';
import { AttachmentId, readUploadMetadata, tus } from '../../contract/attachment.ts';
import type { App } from '../http/app.ts';
import { type ProblemName, Refusal, type Request } from '../http/problem.ts';
import { admit } from '../ingest/admit.ts';
import type { Pacing, Permit } from '../ingest/pacing.ts';
import type { Database } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { beginUpload, dropUnclaimed, endUpload, type PieceRefusal, readUpload, takePiece } from './uploads.ts';

export type AttachmentParts = {
  database: Database;
  terminals: Terminals;
  /** Pieces come by appointment, as every backlog does. */
  pacing: Pacing;
  /** Milliseconds since any moment, never stepping back. */
  uptime: () => number;
  now: () => Date;
  /** A case may have waited for it: look now. */
  whole(): void;
};

const path = '/v1/attachments';
const { headers } = tus;

const refusals: Record<PieceRefusal | 'different' | 'too_many', readonly [ProblemName, number, number?]> = {
  not_found: ['notFound', 404],
  not_yours: ['notYours', 403],
  // 410 (tus, "Core Protocol"): nobody should begin it again.
  ended: ['ended', 410],
  wrong_offset: ['wrongOffset', 409],
  different: ['wrongOffset', 409],
  too_long: ['tooLarge', 413],
  // 460 as in the checksum extension of tus.
  wrong_content: ['wrongContent', 460],
  too_many: ['tooMany', 429, 3600],
};

const Params = z.object({ id: AttachmentId });
const Whole = z.string().regex(/^\d{1,15}$/);

/**
 * tus 1.0.0 for a terminal's attachments (docs/adr/0013-attachments.md). Held terminals too: nothing of theirs is lost.
 * A terminal sees its own uploads and no other's.
 */
export function addAttachments(app: App, parts: AttachmentParts): void {
  const { database, terminals, pacing, uptime, now } = parts;

  // A scope of its own: only these routes take pieces, and nothing else.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(tus.piece, { parseAs: 'buffer', bodyLimit: tus.pieceBytes }, (_request, body, done) => done(null, body));
    scope.addHook('onRequest', async (request, reply) => {
      reply.header(headers.resumable, tus.version);
      if (request.method === 'OPTIONS' || request.headers[headers.resumable] === tus.version) return;
      reply.header('tus-version', tus.version);
      throw new Refusal('tusVersion', 412);
    });

    scope.options(path, async (_request, reply) =>
      reply
        .code(204)
        .headers({ 'tus-version': tus.version, 'tus-extension': tus.extensions, 'tus-max-size': String(tus.largest) })
        .send(),
    );

    scope.post(path, async (request, reply) => {
      const { id: terminal } = await terminals.requireAny(request);
      const length = readNumber(request, headers.length);
      const metadata = readUploadMetadata(String(request.headers[headers.metadata] ?? ''));
      if (length === null || length === 0 || metadata === null) throw new Refusal('badRequest', 400);
      if (length > tus.largest) throw new Refusal('tooLarge', 413);
      await dropUnclaimed(database, now());
      const sha256 = Buffer.from(metadata.sha256, 'base64url');
      const begun = await beginUpload(database, { id: metadata.id, terminal, length, sha256 }, now());
      if (!begun.ok) throw refusalOf(begun.error);
      return reply.code(201).header('location', `${path}/${metadata.id}`).send();
    });

    scope.head(`${path}/:id`, async (request, reply) => {
      const { id: terminal } = await terminals.requireAny(request);
      const upload = await readUpload(database, readId(request), terminal);
      if (!upload.ok) throw refusalOf(upload.error);
      const { received, length, backedUp } = upload.value;
      return reply
        .headers({ [headers.offset]: String(received), [headers.length]: String(length), [headers.backedUp]: backedUp ? '?1' : '?0' })
        .send();
    });

    const visitors = new WeakMap<Request, { terminal: string; permit: Permit }>();
    scope.patch(
      `${path}/:id`,
      {
        // Before its body is read: who comes too early has sent only a header.
        onRequest: async (request, reply) => {
          const { id: terminal } = await terminals.requireAny(request);
          visitors.set(request, { terminal, permit: await admit(pacing, { terminal, kind: 'backlog', at: uptime() }, reply, uptime) });
        },
      },
      async (request, reply) => {
        const visitor = visitors.get(request);
        if (visitor === undefined) throw new Error('a piece that nobody let in');
        const { terminal, permit } = visitor;
        permit.begin(uptime());
        const offset = readNumber(request, headers.offset);
        if (!Buffer.isBuffer(request.body)) throw new Refusal('mediaType', 415);
        if (offset === null) throw new Refusal('badRequest', 400);
        const taken = await takePiece(database, { id: readId(request), terminal, offset, content: request.body }, now());
        if (!taken.ok) throw refusalOf(taken.error);
        if (taken.value.whole) parts.whole();
        const inMs = taken.value.whole ? 0 : pacing.goOn(terminal, uptime());
        return reply
          .code(204)
          .headers({ [headers.offset]: String(taken.value.received), [headers.slot]: String(inMs) })
          .send();
      },
    );

    scope.delete(`${path}/:id`, async (request, reply) => {
      const { id: terminal } = await terminals.requireAny(request);
      const ended = await endUpload(database, readId(request), terminal);
      if (!ended.ok) throw refusalOf(ended.error);
      parts.whole();
      return reply.code(204).send();
    });
  });
}

function refusalOf(error: keyof typeof refusals): Refusal {
  const [problem, status, retryAfter = null] = refusals[error];
  return new Refusal(problem, status, retryAfter);
}

function readId(request: Request): string {
  const params = Params.safeParse(request.params);
  if (!params.success) throw new Refusal('notFound', 404);
  return params.data.id;
}

function readNumber(request: Request, header: string): number | null {
  const read = Whole.safeParse(request.headers[header]);
  return read.success ? Number(read.data) : null;
}
