type Limit = { records: number; bytes: number };

/**
 * How much one request carries: less after one that was refused as a whole, or that this line did not carry in time, and
 * more again with each that arrives. So one bad record is found among a hundred in a few requests, and a thin line drains.
 */
export type BatchSize = {
  limit(): Limit;
  shrink(records: number): void;
  grow(): void;
  /** A record was refused alone. @returns how many were, since one was taken */
  countAlone(): number;
};

export function createBatchSize(largest: Readonly<Limit>): BatchSize {
  let records = largest.records;
  let alone = 0;
  return {
    limit: () => ({ records, bytes: largest.bytes }),
    shrink(sent) {
      records = Math.max(1, Math.floor(sent / 2));
    },
    grow() {
      records = Math.min(largest.records, records * 2);
      alone = 0;
    },
    countAlone() {
      alone += 1;
      return alone;
    },
  };
}
