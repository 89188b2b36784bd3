/** One figure of a bench: what was measured, and the floor or peer measured in the same run, in the same unit. */
export type Row = { name: string; value: number; unit: string; against: number; ratio: number; limit?: Limit; note?: string };

/**
 * What a row promises. `atMost` allows `plus` (in the row's unit) on top of the ratio, for what a floor does not do;
 * `noMoreThan` is the value itself, whatever the other is.
 */
export type Limit = { atMost: number; plus?: number } | { atLeast: number } | { noMoreThan: number };

/** Whether the row keeps what it promises; one that promises nothing does. */
export function keepsLimit({ value, against, ratio, limit }: Row): boolean {
  if (limit === undefined) return true;
  if ('noMoreThan' in limit) return value <= limit.noMoreThan;
  return 'atLeast' in limit ? ratio >= limit.atLeast : value <= against * limit.atMost + (limit.plus ?? 0);
}

export function describeLimit(limit: Limit, unit: string): string {
  if ('noMoreThan' in limit) return `at most ${limit.noMoreThan} ${unit}`;
  if ('atLeast' in limit) return `at least ${limit.atLeast}x`;
  return `at most ${limit.atMost}x${limit.plus === undefined ? '' : ` + ${limit.plus} ${unit}`}`;
}

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

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], of: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil((sorted.length * of) / 100) - 1)];
  if (value === undefined) throw new Error('a percentile of nothing');
  return value;
}

export function makeRow(
  name: string,
  unit: string,
  values: readonly number[],
  against: readonly number[],
  limit?: Limit,
  note?: string,
): Row {
  const [value, floor] = [median(values), median(against)];
  const row = { name, value: round(value), unit, against: round(floor), ratio: round(value / floor) };
  return { ...row, ...(limit !== undefined && { limit }), ...(note !== undefined && { note }) };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

/**
 * Measures several things by turns, and the order turned round each time, so that a machine that warms up or is busy for a
 * while wrongs none of them. The first `warmUps` rounds are thrown away: they have number -1.
 */
export async function takeTurns<T>(rounds: number, turns: readonly ((round: number) => Promise<T>)[], warmUps = 1): Promise<T[][]> {
  for (let round = 0; round < warmUps; round += 1) for (const turn of turns) await turn(-1);
  const results: T[][] = turns.map(() => []);
  for (let round = 0; round < Math.max(rounds, fewestRounds); round += 1) {
    const order = [...turns.entries()];
    for (const [at, turn] of round % 2 === 0 ? order : order.reverse()) results[at]?.push(await turn(round));
  }
  return results;
}

export async function alternate<T>(rounds: number, one: () => Promise<T>, other: () => Promise<T>): Promise<{ one: T[]; other: T[] }> {
  const [ofOne = [], ofOther = []] = await takeTurns(rounds, [one, other]);
  return { one: ofOne, other: ofOther };
}
