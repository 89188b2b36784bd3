import type { ActingAs, FileLine, Subject } from '../../../contract/file.ts';
import type { FileEnd } from '../../../contract/file-view.ts';
import { beginFile, endFile, hearLine, listUnanswered, readAgain, type SeenFile } from '../../file/seen-file.ts';
import type { Stamp, Visit } from '../state.ts';

/** Looking at one's file: what a press does, and what the middleware's lines do. */

/** Onto the file, or to the PIN where nobody has signed in, or did so too long ago. */
export function enterFile(visit: Visit, stamp: Stamp): Visit {
  if (!isGranted(visit, stamp)) return askForPin(visit, stamp);
  const open: Visit = { ...visit, wanted: null, place: { at: 'file' } };
  if (!open.file || isOver(open.file)) return startReading(open, stamp);
  // Whoever signed in once more finds what is there, and what was cut off is asked anew.
  const { end } = open.file;
  if (end !== 'grant_ended' && end !== 'no_line') return open;
  return { ...open, file: readAgain(open.file, stamp.freshId, listUnanswered(open.file)) };
}

/** What was read so far, and where the person stands, stays as it is. */
export function askForPin(visit: Visit, stamp: Stamp): Visit {
  const from = visit.place.at === 'file' && visit.file ? ({ from: 'file' } as const) : {};
  return {
    ...visit,
    wanted: 'file',
    place: { at: 'sign_in', attempt: stamp.freshId, goal: 'file', ...from, step: { stage: 'preparing' } },
  };
}

export function askFileAgain(visit: Visit, sources: readonly string[], stamp: Stamp): Visit {
  if (visit.place.at !== 'file' || !visit.card) return visit;
  const { file } = visit;
  if (!isGranted(visit, stamp) || !file || isOver(file) || file.end === 'grant_ended') return enterFile(visit, stamp);
  // One reading at a time: what is still being asked is answered first.
  return file.end === null ? visit : { ...visit, file: readAgain(file, stamp.freshId, sources) };
}

/** Nothing of it was left, or it was in a name that is not theirs any more. */
function isOver({ end }: SeenFile): boolean {
  return end === 'not_believed' || end === 'not_recorded' || end === 'mandate_ended';
}

export function chooseRole(visit: Visit): Visit {
  return visit.place.at === 'file' && visit.roles !== null ? { ...visit, place: { at: 'roles' } } : visit;
}

/** From here on every page says it, and what was seen in another name is gone. */
export function actAs(visit: Visit, role: number | null, stamp: Stamp): Visit {
  const acting = role === null ? null : visit.roles?.[role];
  if (acting === undefined || (visit.place.at !== 'roles' && visit.place.at !== 'file')) return visit;
  const chosen: Visit = { ...visit, acting, draft: null };
  if (!isGranted(visit, stamp)) return enterFile({ ...chosen, file: null, grant: null }, stamp);
  return startReading({ ...chosen, place: { at: 'file' } }, stamp);
}

export function hearFileLine(visit: Visit, reading: string, line: FileLine): Visit {
  return visit.file?.reading === reading ? { ...visit, file: hearLine(visit.file, line) } : visit;
}

type FileEnded = { reading: string; end: FileEnd; token?: string };

export function hearFileEnd(visit: Visit, { reading, end, token }: FileEnded): Visit {
  if (visit.file?.reading !== reading) return visit;
  const ended: Visit = { ...visit, file: endFile(visit.file, end) };
  // A mandate that was withdrawn is nobody's name to act in any more: not here, and not in the next request.
  if (end === 'mandate_ended') return layDownRole(ended);
  // Whoever gave the PIN again meanwhile has another.
  const isOwn = token === undefined || visit.grant?.token === token;
  return end === 'grant_ended' && isOwn ? { ...ended, grant: null } : ended;
}

/** What was being filled in in that name goes too, and the file's page says why. What is being kept is kept. */
function layDownRole(visit: Visit): Visit {
  const roles = visit.roles?.filter(({ as }) => as !== visit.acting?.as) ?? null;
  const without: Visit = { ...visit, acting: null, roles };
  return visit.place.at === 'keeping' || visit.place.at === 'kept' ? without : { ...without, draft: null, place: { at: 'file' } };
}

/** The reading that has to be under way: none while the card is out, when nothing may be asked in its holder's name. */
export function readingOf({ file, grant, cover }: Visit): string | null {
  return file && file.end === null && grant && cover?.kind !== 'card_out' ? file.reading : null;
}

export function actingAsOf({ acting }: Visit): ActingAs {
  return acting?.as ?? { kind: 'self' };
}

function isGranted({ grant }: Visit, stamp: Stamp): boolean {
  return grant !== null && stamp.at < grant.until;
}

function startReading(visit: Visit, stamp: Stamp): Visit {
  if (!visit.card) return visit;
  const as = actingAsOf(visit);
  return { ...visit, file: beginFile(stamp.freshId, as, subjectOf(as, visit.card.identity.nationalNumber)) };
}

function subjectOf(as: ActingAs, own: string): Subject {
  switch (as.kind) {
    case 'self':
      return { kind: 'person', ssin: own };
    case 'person':
      return { kind: 'person', ssin: as.ssin };
    case 'enterprise':
      return { kind: 'enterprise', enterpriseNumber: as.enterpriseNumber };
  }
}
