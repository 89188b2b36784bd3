import { isSameSubject } from '../../../contract/file.ts';
import type { HandoverWay } from '../../../contract/handover.ts';
import { findItem, type ItemName } from '../../file/find-item.ts';
import type { Stamp, Visit } from '../state.ts';

/** On paper, to the verified address, or to the own telephone. Never on something that is put into the terminal. */
export type TakeWay = 'print' | HandoverWay;
export type TakeProblem = 'no_printer' | 'no_line' | 'sign_in' | 'gone' | 'no_address' | 'not_sent';

export type TakeStep =
  | { stage: 'working' }
  /** `to`: the address, masked. `token`: of the page that waits for the telephone, `until` then (ticks). */
  | { stage: 'done'; to: string | null; token: string | null; until: number | null }
  | { stage: 'problem'; problem: TakeProblem };

/** One thing of the file on its way to the person. `attempt`: what comes of another is not heard. */
export type Taking = { attempt: string; key: string; of: ItemName; way: TakeWay; step: TakeStep };

/** What this visit has read, and one at a time. */
export function takeItem(visit: Visit, { item: key, way }: { item: string; way: TakeWay }, stamp: Stamp): Visit {
  const found = visit.place.at === 'file' ? findItem(visit.file, key) : null;
  if (!found || visit.taking?.step.stage === 'working') return visit;
  return { ...visit, taking: { attempt: stamp.freshId, key, of: found.name, way, step: { stage: 'working' } } };
}

export function leaveItem(visit: Visit): Visit {
  const { taking, place } = visit;
  if (place.at === 'file' && place.item) return { ...visit, taking: null, place: { at: 'file' } };
  return taking ? { ...visit, taking: null } : visit;
}

export function hearTaken(visit: Visit, attempt: string, step: TakeStep): Visit {
  return visit.taking?.attempt === attempt ? { ...visit, taking: { ...visit.taking, step } } : visit;
}

/** What may be shown of it: on the file's page, of the file that is there, and never while that is covered. */
export function shownTaking({ taking, file, place, cover }: Visit): Taking | null {
  return taking && file && !cover && place.at === 'file' && isSameSubject(taking.of.subject, file.subject) ? taking : null;
}
