import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** What the virtual card's module writes down of the calls made to it: see native/virtual-card/README.md. */
export function readJournal(reader: string): string[] {
  try {
    return readFileSync(join(reader, 'journal'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

export function clearJournal(reader: string): void {
  rmSync(join(reader, 'journal'), { force: true });
}

/**
 * Waits for the next look at the slots, and then for `ms` more. So the card goes in at the same point between two looks for
 * everybody who is measured, and not by luck: half an interval is as long as all that is compared here.
 */
export async function waitInStepWithPolls(reader: string, ms: number): Promise<void> {
  const looks = () => readJournal(reader).filter((line) => line === 'call C_GetSlotInfo').length;
  for (const before = looks(); looks() === before; ) await wait(1);
  await wait(ms);
}

/** Made by a clock and not by a read. C_GetTokenInfo and C_GetInfo are none: no read needs them before its last byte. */
const polls = new Set(['C_GetSlotList', 'C_GetSlotInfo', 'C_GetSessionInfo']);
const readsBytes = 'C_GetAttributeValue';

/**
 * Calls from C_OpenSession to the last byte, polls apart. A question for a length and the read that follows count as one:
 * pkcs11js always asks twice, a C program with a large buffer once.
 */
export function countCalls(journal: readonly string[]): number {
  const calls = journal.flatMap((line) => (line.startsWith('call ') ? [line.split(' ')[1] ?? ''] : []));
  const reading = calls.slice(calls.indexOf('C_OpenSession'), calls.lastIndexOf(readsBytes) + 1).filter((call) => !polls.has(call));
  return reading.filter((call, at) => call !== readsBytes || reading[at - 1] !== readsBytes).length;
}
