import * as z from 'zod';
import type { FileItem, Subject } from '../../contract/file.ts';
import { type HandoverReply, HandoverRequest } from '../../contract/handover.ts';
import { writeItemSheet } from '../../contract/item-sheet.ts';
import type { Grants } from '../grants/grants.ts';
import { requireGrant } from '../grants/require-grant.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import { pageHeaders } from '../http/page.ts';
import { Refusal, type Request } from '../http/problem.ts';
import { networkOf, type TokenBucket } from '../http/token-bucket.ts';
import type { Messenger } from '../profile/messages.ts';
import { readEntries } from '../profile/read-profile.ts';
import { type Roles, subjectOf } from '../roles/roles.ts';
import { judgeAnswer } from '../sources/judge-answer.ts';
import { type NoteParts, noteOutcome } from '../sources/note-outcome.ts';
import type { ReadingNote } from '../sources/routes.ts';
import type { FileSource } from '../sources/sources.ts';
import { readSwitchedOff } from '../sources/switches.ts';
import type { Database } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { createHandovers, handoverLifeMs } from './handovers.ts';
import { writeItemMessage } from './message.ts';
import { drawHandover } from './page.ts';

export type HandoverParts = {
  database: Database;
  terminals: Terminals;
  grants: Grants;
  roles: Pick<Roles, 'confirm'>;
  sources: readonly FileSource[];
  messenger: Messenger;
  /** Before anything is answered: a reading that cannot be written down is none. */
  writeReading(note: ReadingNote): Promise<void>;
  now: () => Date;
  makeBucket(): TokenBucket;
  pageBucket: TokenBucket;
  closing: AbortSignal;
} & NoteParts;

const Params = z.object({ token: z.string().max(100) });

/** A thing of somebody's file, to the address that they verified or behind a code for the own telephone. */
export function addHandovers(app: App, parts: HandoverParts): void {
  const { database, terminals, grants, roles, messenger, now } = parts;
  const handovers = createHandovers({ database, now });

  addJsonRoute(app, {
    path: '/v1/handovers',
    input: HandoverRequest,
    who: terminals.requireActive,
    bucket: parts.makeBucket(),
    async answer(input, _terminal, request): Promise<HandoverReply> {
      const { terminal, visit, actingAs, way, language } = input;
      const { ssin } = await requireGrant(grants, request, { terminal, visit });
      const may = await roles.confirm(ssin, actingAs);
      if (may === 'no') throw new Refusal('noMandate', 403);
      if (may === 'unknown') throw new Refusal('unavailable', 503, 10);
      const source = parts.sources.find(({ info }) => info.id === input.source);
      const to = way === 'email' ? await verifiedEmail(ssin) : null;
      if (way === 'email' && to === null) return { status: 'refused', why: 'no_address' };
      if (!source || (await readSwitchedOff(database)).has(source.info.id)) return { status: 'refused', why: 'gone' };
      const subject = subjectOf(ssin, actingAs);
      await parts.writeReading({ terminal, visit, by: ssin, subject, actingAs, sources: [source.info.id] });
      const found = await readItem(source, subject, input.item);
      if (found === null) return { status: 'refused', why: 'gone' };
      const sheet = writeItemSheet(found.item, { name: source.info.name, asOf: found.asOf }, { language, at: now() });
      if (to === null) return { status: 'ready', token: await handovers.give(sheet), expiresInMs: handoverLifeMs };
      const isSent = await messenger.send(writeItemMessage(sheet, to));
      return isSent ? { status: 'sent', to: mask(to) } : { status: 'refused', why: 'not_sent' };
    },
  });

  /** Always the own address, in whosever name somebody acts. */
  async function verifiedEmail(holder: string): Promise<string | null> {
    const entry = (await readEntries(database, holder)).find(({ set, verifiedAt }) => set.field === 'email' && verifiedAt !== null);
    return entry?.set.field === 'email' ? entry.set.value : null;
  }

  /** From its source, and judged as with a file: what is about somebody else is nobody's to send. */
  async function readItem(source: FileSource, subject: Subject, id: string): Promise<{ item: FileItem; asOf: string } | null> {
    const asked = await source.read?.(subject, parts.closing);
    if (!asked) return null;
    const judged = asked.ok ? await judgeAnswer(asked.value, { subject, freshForMs: source.freshForMs, now }) : asked;
    noteOutcome(parts, source.info.id, judged);
    const item = judged.ok ? judged.value.items.find((each) => each.id === id) : undefined;
    return judged.ok && item ? { item, asOf: judged.value.asOf } : null;
  }

  function isHurried(request: Request): boolean {
    return parts.pageBucket.take(networkOf(request.ip)) > 0;
  }

  // For people, on their own telephone. The route's pattern is what is logged, and never the token.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 1024 }, (_request, _body, done) =>
      done(null, {}),
    );
    scope.get('/m/:token', async (request, reply) => {
      const { token } = Params.parse(request.params);
      reply.headers(pageHeaders);
      return isHurried(request)
        ? reply.code(429).send(drawHandover({ kind: 'too_many' }))
        : reply.send(drawHandover({ kind: 'open', token }));
    });
    scope.post('/m/:token', async (request, reply) => {
      reply.headers(pageHeaders);
      if (isHurried(request)) return reply.code(429).send(drawHandover({ kind: 'too_many' }));
      const sheet = await handovers.take(Params.parse(request.params).token);
      return sheet ? reply.send(drawHandover({ kind: 'sheet', sheet })) : reply.code(410).send(drawHandover({ kind: 'gone' }));
    });
  });
}

/** `l•••@proef.example`: enough to see whether it is the right one, for whoever knows it. */
export function mask(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}•••${address.slice(at)}`;
}
