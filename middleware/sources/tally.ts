import type { SilentWhy } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';
import type { Judged } from './judge-answer.ts';

/** How asking went, over all persons and of none. */
export type Outcome = { ok: true; answer: Pick<Judged, 'state' | 'asOf' | 'repeats'> } | { ok: false; why: SilentWhy };

export type Tally = {
  note(source: string, outcome: Outcome): void;
  /** Writes down what was noted. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

type Counted = {
  asked: number;
  silent: number;
  alarms: number;
  repeats: number;
  silentWhy: SilentWhy | null;
  silentAt: string | null;
  answeredAt: string | null;
  asOf: string | null;
  state: string | null;
  alarmAt: string | null;
};

const nothing: Counted = {
  asked: 0,
  silent: 0,
  alarms: 0,
  repeats: 0,
  silentWhy: null,
  silentAt: null,
  answeredAt: null,
  asOf: null,
  state: null,
  alarmAt: null,
};

type Parts = { database: Queries; now: () => Date; log: { error(fields: object, event: string): void }; everyMs?: number };

/** Every reading asks a hundred sources: counted in memory, and written down together every few seconds. */
export function createTally({ database, now, log, everyMs = 2_000 }: Parts): Tally {
  let counts = new Map<string, Counted>();

  async function flush(): Promise<void> {
    if (counts.size === 0) return;
    const written = counts;
    counts = new Map();
    try {
      await write(database, written);
    } catch (error) {
      // Only figures for staff: a database that is away takes nothing else down with it.
      log.error({ err: error }, 'source_tally_lost');
    }
  }

  const timer = setInterval(() => void flush(), everyMs);
  timer.unref();
  return {
    note(source, outcome) {
      const before = counts.get(source) ?? nothing;
      const at = now().toISOString();
      const asked = before.asked + 1;
      if (outcome.ok) {
        const { state, asOf, repeats } = outcome.answer;
        counts.set(source, { ...before, asked, answeredAt: at, asOf, state, repeats: before.repeats + repeats });
        return;
      }
      const isAlarm = outcome.why === 'not_yours';
      counts.set(source, {
        ...before,
        asked,
        silent: before.silent + 1,
        silentWhy: outcome.why,
        silentAt: at,
        alarms: before.alarms + (isAlarm ? 1 : 0),
        alarmAt: isAlarm ? at : before.alarmAt,
      });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

/** In one order, so that two instances that write at once wait for each other and never in a circle. */
async function write(database: Queries, counts: ReadonlyMap<string, Counted>): Promise<void> {
  const rows = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([source, counted]) => ({ source, ...counted }));
  await database.query(
    `INSERT INTO source_state AS s (source, asked, silent, silent_why, silent_at, answered_at, as_of, state, repeats, alarms, alarm_at)
     SELECT source, asked, silent, "silentWhy", "silentAt", "answeredAt", "asOf", state, repeats, alarms, "alarmAt"
     FROM jsonb_to_recordset($1::text::jsonb) AS r(source text, asked bigint, silent bigint, "silentWhy" text, "silentAt" timestamptz,
       "answeredAt" timestamptz, "asOf" timestamptz, state text, repeats bigint, alarms bigint, "alarmAt" timestamptz)
     ON CONFLICT (source) DO UPDATE SET asked = s.asked + excluded.asked, silent = s.silent + excluded.silent,
       silent_why = coalesce(excluded.silent_why, s.silent_why), silent_at = greatest(excluded.silent_at, s.silent_at),
       answered_at = greatest(excluded.answered_at, s.answered_at), as_of = coalesce(excluded.as_of, s.as_of),
       state = coalesce(excluded.state, s.state), repeats = s.repeats + excluded.repeats, alarms = s.alarms + excluded.alarms,
       alarm_at = greatest(excluded.alarm_at, s.alarm_at)`,
    [JSON.stringify(rows)],
  );
}
