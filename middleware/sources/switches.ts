import type { Queries } from '../store/database.ts';

/** Which sources staff switched off. Asked at each reading: every instance knows at once. */
export async function readSwitchedOff(queries: Queries): Promise<ReadonlySet<string>> {
  const rows = await queries.query('SELECT source FROM source_state WHERE switched_off');
  return new Set(rows.map(({ source }) => String(source)));
}

/** Whoever switches one on again has seen what it did: its alarm is over. */
export async function switchSource(queries: Queries, { source, off }: { source: string; off: boolean }): Promise<void> {
  await queries.query(
    `INSERT INTO source_state AS s (source, switched_off) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE
       SET switched_off = excluded.switched_off, alarms = CASE WHEN excluded.switched_off THEN s.alarms ELSE 0 END`,
    [source, off],
  );
}
