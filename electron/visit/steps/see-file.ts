import type { ActingAs, FileLine, Subject } from '../../../contract/file.ts';
import type { FileEnd } from '../../../contract/file-view.ts';
import { beginFile, endFile, hearLine, listUnanswered, readAgain } from '../../file/seen-file.ts';
import type { Stamp, Visit } from '../state.ts';

/** Looking at one's file: what a press does, and what the middleware's lines do. */

/** Onto the file, or to the PIN where nobody has signed in, or did so too long ago. */
export function enterFile(visit: Visit, stamp: Stamp): Visit {
  if (!isGranted(visit, stamp)) {
    return { ...visit, wanted: 'file', place: { at: 'sign_in', attempt: stamp.freshId, goal: 'file', step: { stage: 'preparing' } } };
  }
  const open: Visit = { ...visit, wanted: null, place: { at: 'file' } };
  if (!open.file) return startReading(open, stamp);
  // Whoever signed in once more finds what is there, and what was cut off is asked anew.
  const { end } = open.file;
  if (end === null || end === 'complete') return open;
  return {
    ...open,
    file: readAgain(open.file, stamp.freshId, end === 'grant_ended' || end === 'no_line' ? listUnanswered(open.file) : []),
  };
}

export function askFileAgain(visit: Visit, sources: readonly string[], stamp: Stamp): Visit {
  if (visit.place.at !== 'file' || !visit.card) return visit;
  if (!isGranted(visit, stamp)) return enterFile({ ...visit, grant: null }, stamp);
  if (!visit.file || visit.file.end === 'not_believed' || visit.file.end === 'not_recorded') return startReading(visit, stamp);
  // One reading at a time: what is still being asked is answered first.
  return visit.file.end === null ? visit : { ...visit, file: readAgain(visit.file, stamp.freshId, sources) };
}

export function chooseRole(visit: Visit): Visit {
  return visit.place.at === 'file' && visit.roles !== null ? { ...visit, place: { at: 'roles' } } : visit;
}

/** From here on every page says it, and what was seen in another name is gone. */
export function actAs(visit: Visit, role: number | null, stamp: Stamp): Visit {
  const acting = role === null ? null : visit.roles?.[role];
  if (acting === undefined || (visit.place.at !== 'roles' && visit.place.at !== 'file')) return visit;
  if (!isGranted(visit, stamp)) return enterFile({ ...visit, acting, file: null, grant: null }, stamp);
  return startReading({ ...visit, acting, draft: null, place: { at: 'file' } }, stamp);
}

export function hearFileLine(visit: Visit, reading: string, line: FileLine): Visit {
  return visit.file?.reading === reading ? { ...visit, file: hearLine(visit.file, line) } : visit;
}

export function hearFileEnd(visit: Visit, reading: string, end: FileEnd): Visit {
  if (visit.file?.reading !== reading) return visit;
  return { ...visit, file: endFile(visit.file, end), grant: end === 'grant_ended' ? null : visit.grant };
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
