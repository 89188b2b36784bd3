import * as z from 'zod';
import { SilentWhy, type SourceInfo } from '../../contract/file.ts';
import type { Queries } from '../store/database.ts';
import type { FileSource } from './sources.ts';

/** A source as staff see it. Nothing of it is about a person. */
export type ListedSource = {
  info: SourceInfo;
  state: 'fresh' | 'stale' | 'not_connected' | 'switched_off' | 'unknown' | SilentWhy;
  answeredAt: Date | null;
  asked: number;
  silent: number;
  repeats: number;
  alarms: number;
  alarmAt: Date | null;
};

const Row = z.object({
  source: z.string(),
  switched_off: z.boolean(),
  asked: z.number(),
  silent: z.number(),
  silent_why: SilentWhy.nullable(),
  silent_at: z.date().nullable(),
  answered_at: z.date().nullable(),
  state: z.enum(['fresh', 'stale']).nullable(),
  repeats: z.number(),
  alarms: z.number(),
  alarm_at: z.date().nullable(),
});

/** Those that somebody has to look at first. */
export async function listSources(queries: Queries, sources: readonly FileSource[]): Promise<ListedSource[]> {
  const rows = await queries.query(
    `SELECT source, switched_off, asked::float8, silent::float8, silent_why, silent_at, answered_at, state, repeats::float8,
       alarms::float8, alarm_at FROM source_state`,
  );
  const known = new Map(
    z
      .array(Row)
      .parse(rows)
      .map((row) => [row.source, row]),
  );
  const listed = sources.map((source) => describe(source, known.get(source.info.id)));
  return listed.toSorted((one, other) => urgency(one) - urgency(other));
}

function describe({ info, read }: FileSource, row: z.infer<typeof Row> | undefined): ListedSource {
  const { asked = 0, silent = 0, repeats = 0, alarms = 0, answered_at = null, alarm_at = null } = row ?? {};
  return { info, state: stateOf(read !== null, row), answeredAt: answered_at, asked, silent, repeats, alarms, alarmAt: alarm_at };
}

function stateOf(isConnected: boolean, row: z.infer<typeof Row> | undefined): ListedSource['state'] {
  if (!isConnected) return 'not_connected';
  if (row === undefined) return 'unknown';
  if (row.switched_off) return 'switched_off';
  const isSilent = row.silent_at !== null && (row.answered_at === null || row.silent_at > row.answered_at);
  return (isSilent ? row.silent_why : row.state) ?? 'unknown';
}

function urgency({ alarms, state }: ListedSource): number {
  if (alarms > 0) return 0;
  const isSilent = SilentWhy.safeParse(state).success;
  return isSilent ? 1 : state === 'switched_off' ? 2 : state === 'stale' ? 3 : state === 'not_connected' ? 5 : 4;
}
