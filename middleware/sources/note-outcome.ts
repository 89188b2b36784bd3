import type { SilentWhy } from '../../contract/file.ts';
import type { Result } from '../../contract/result.ts';
import type { Judged } from './judge-answer.ts';
import type { Tally } from './tally.ts';

export type NoteParts = {
  tally: Pick<Tally, 'note'>;
  log: { warn(fields: object, event: string): void };
};

/** What asking a source came to, for staff. Whoever answers about somebody else is an alarm, whatever it was asked for. */
export function noteOutcome({ tally, log }: NoteParts, source: string, judged: Result<Judged, SilentWhy>): void {
  tally.note(source, judged.ok ? { ok: true, answer: judged.value } : { ok: false, why: judged.error });
  if (!judged.ok && judged.error === 'not_yours') log.warn({ source }, 'source_not_yours');
}
