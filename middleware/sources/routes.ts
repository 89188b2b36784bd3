import type { ActingAs, Subject } from '../../contract/file.ts';
import { FileRequest } from '../../contract/file.ts';
import type { Granted, Grants } from '../grants/grants.ts';
import { requireGrant } from '../grants/require-grant.ts';
import type { App } from '../http/app.ts';
import { addLinesRoute } from '../http/json-route.ts';
import { Refusal, type Request } from '../http/problem.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import { type Roles, subjectOf } from '../roles/roles.ts';
import type { Queries } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { openLines } from './open-lines.ts';
import { type ReadFileParts, readFile } from './read-file.ts';
import type { FileSource } from './sources.ts';
import { readSwitchedOff } from './switches.ts';
import { type Over, watchRight } from './watch-right.ts';

export type ReadingNote = {
  terminal: string;
  visit: string;
  by: string;
  subject: Subject;
  actingAs: ActingAs;
  sources: readonly string[];
};

export type FilePaces = {
  /** How often the right to read is looked at while a file is read. */
  rightMs: number;
  /** A reader who takes nothing for so long is sent away. */
  stalledMs: number;
  /** Bytes that may wait for one slow reader. */
  mostWaiting: number;
};
export const usualPaces: FilePaces = { rightMs: 1_000, stalledMs: 30_000, mostWaiting: 64 * 1024 * 1024 };

export type FileParts = ReadFileParts & {
  database: Queries;
  terminals: Terminals;
  grants: Grants;
  roles: Roles;
  sources: readonly FileSource[];
  /** Before anything is answered: a reading that cannot be written down is none. */
  writeReading(note: ReadingNote): Promise<void>;
  bucket: TokenBucket;
  closing: AbortSignal;
  paces: FilePaces;
};

export function addFile(app: App, parts: FileParts): void {
  const { database, terminals, grants, roles, paces, log } = parts;

  /** Null: it is all still so. Who cannot be asked in the middle has said yes a second ago. */
  async function findOver(request: Request, granted: Granted, actingAs: ActingAs): Promise<Over | null> {
    if (granted.expiresAt <= parts.now() || (await grants.find(granted.token, granted)) === null) return 'grant_ended';
    if ((await terminals.find(request))?.standing !== 'active') return 'grant_ended';
    return (await roles.confirm(granted.ssin, actingAs)) === 'no' ? 'mandate_ended' : null;
  }

  addLinesRoute(app, {
    path: '/v1/file',
    input: FileRequest,
    who: terminals.requireActive,
    bucket: parts.bucket,
    async answer({ terminal, visit, actingAs, sources: wanted }, _terminal, request) {
      const granted = await requireGrant(grants, request, { terminal, visit });
      await requireRole(roles, granted, actingAs);
      const subject = subjectOf(granted.ssin, actingAs);
      const sources = parts.sources.filter(({ info }) => wanted.length === 0 || wanted.includes(info.id));
      const switchedOff = await readSwitchedOff(database);
      const looked = sources.filter(({ info, read }) => read !== null && !switchedOff.has(info.id)).map(({ info }) => info.id);
      await parts.writeReading({ terminal, visit, by: granted.ssin, subject, actingAs, sources: looked });

      const lines = openLines({ ...paces, stalled: () => log.warn({ terminal }, 'file_reader_stalled') });
      const right = watchRight({
        ask: () => findOver(request, granted, actingAs),
        onEnd: (ended) => grants.onEnd(granted, ended),
        everyMs: paces.rightMs,
        failed: (error) => log.warn({ err: error }, 'right_not_asked'),
      });
      parts.closing.addEventListener('abort', lines.breakOff, { once: true });
      readFile(parts, { subject, sources, switchedOff, lines, mostWaiting: paces.mostWaiting, over: right.over })
        .catch((error: unknown) => {
          log.error({ err: error }, 'file_failed');
          lines.breakOff();
        })
        .finally(() => {
          right.stop();
          parts.closing.removeEventListener('abort', lines.breakOff);
        });
      return lines.readable;
    },
  });
}

async function requireRole(roles: Roles, { ssin }: Granted, actingAs: ActingAs): Promise<void> {
  const answer = await roles.confirm(ssin, actingAs);
  if (answer === 'no') throw new Refusal('noMandate', 403);
  // Nobody's file is shown to somebody of whom it is not known today that they may see it.
  if (answer === 'unknown') throw new Refusal('unavailable', 503, 10);
}
