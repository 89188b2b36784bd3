import type { Queries } from '../store/database.ts';

/** Which sources staff switched off. Asked at each reading: every instance knows at once. */
export async function readSwitchedOff(queries: Queries): Promise<ReadonlySet<string>> {
  const rows = await queries.query('SELECT source FROM source_state WHERE switched_off');
  return new Set(rows.map(({ source }) => String(source)));
}

export async function switchSource(queries: Queries, { source, off }: { source: string; off: boolean }): Promise<void> {
  await queries.query(
    `INSERT INTO source_state (source, switched_off) VALUES ($1, $2) ON CONFLICT (source) DO UPDATE SET switched_off = excluded.switched_off`,
    [source, off],
  );
}
