/** One figure of a bench: what was measured, and the floor or peer measured in the same run, in the same unit. */
export type Row = { name: string; value: number; unit: string; against: number; ratio: number };

/** A bench is run with what the command line says about the card to use; see run.ts. */
export type BenchOptions = { module?: string | undefined; testRoots: readonly string[]; rounds: number; say: (sentence: string) => void };
export type Bench = (options: BenchOptions) => Promise<Row[]>;

export const fewestRounds = 5;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted.length % 2 === 1 ? upper : sorted[middle - 1];
  if (upper === undefined || lower === undefined) throw new Error('a median of nothing');
  return (lower + upper) / 2;
}

export function makeRow(name: string, unit: string, values: readonly number[], against: readonly number[]): Row {
  const [value, floor] = [median(values), median(against)];
  return { name, value: round(value), unit, against: round(floor), ratio: round(value / floor) };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/**
 * Measures two things by turns: first the one, then the other, and the order turned round each time, so that a machine that
 * warms up or is busy for a while wrongs neither. One round before is thrown away.
 */
export async function alternate<T>(rounds: number, one: () => Promise<T>, other: () => Promise<T>): Promise<{ one: T[]; other: T[] }> {
  const results = { one: [] as T[], other: [] as T[] };
  await one();
  await other();
  for (let round = 0; round < Math.max(rounds, fewestRounds); round += 1) {
    const turns = [async () => results.one.push(await one()), async () => results.other.push(await other())];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return results;
}
