import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { makeBackground } from '../store/background.ts';
import { openDatabase } from '../store/open-database.ts';
import { checkChain, type Floor, readFloor } from './check-chain.ts';
import { chain, migrations, type Row } from './lines.ts';
import { shorten } from './shorten.ts';

/** What happened at this terminal. Visits have random ids; nothing here is, or is computed from, a person's data. */
export type AuditEvent =
  | { event: 'visit_begun'; by: 'card' | 'touch' }
  | { event: 'visit_ended'; why: string }
  | { event: 'card_read'; proof: 'proven' | 'not_proven'; facts: string }
  | { event: 'card_refused'; reason: string }
  | { event: 'signed_in' }
  | { event: 'sign_in_failed'; problem: string }
  | { event: 'document_signed'; product: string }
  | { event: 'form_opened'; product: string }
  | { event: 'transaction_kept'; txId: string }
  | { event: 'transaction_received'; txId: string }
  | { event: 'wiped' }
  | { event: 'operator_signed_in' }
  | { event: 'operator_refused' }
  | { event: 'operator_decided'; reference: string; decision: 'again' | 'aside' }
  /** How many the disk lost, as the page said it. */
  | { event: 'operator_read_losses'; records: number }
  | { event: 'queue_exported'; records: number; bytes: number }
  /** What came before is over its days. `upTo`, `hash`: of the last line that went, from which the next one follows. */
  | { event: 'audit_shortened'; upTo: number; hash: string };

export type Audit = {
  /** Throws when the line cannot be written: the caller decides what that stops. */
  write(visit: string | null, event: AuditEvent): void;
  /** The first sequence that does not follow from the one before it; null: the chain holds, as far as it was looked at. */
  brokenAt(): number | null;
  /** The look at each line, and letting go what is over its days, which otherwise go on in small slices: done when it returns. */
  finishCheck(): void;
  close(): void;
};

/** Append-only, each line chained to the one before it by SHA-256. At its beginning it is shortened, and says so in itself. */
export function openAudit({ file, clock, log = () => undefined }: { file: string; clock: Clock; log?: Log }): Audit {
  const database = openDatabase(file, migrations);
  const newest = database.prepare<[], Row>('select * from line order by sequence desc limit 1');
  const append = database.prepare('insert into line (sequence, at, visit, event, detail, hash) values (?, ?, ?, ?, ?, ?)');
  const write = database.transaction((visit: string | null, { event, ...detail }: AuditEvent) => {
    const before: Floor = newest.get() ?? readFloor(database);
    const row = { sequence: before.sequence + 1, at: clock.wall().toISOString(), visit, event, detail: JSON.stringify(detail) };
    append.run(row.sequence, row.at, row.visit, row.event, row.detail, chain(before.hash, row));
  });
  const background = makeBackground({ ticks: () => performance.now(), step: (running) => !running.next().done });
  let broken: number | null = null;

  /** A chain that does not hold is not shortened: somebody has to look at it. */
  function* check(): Generator<void> {
    broken = yield* checkChain(database);
    if (broken === null) yield* shorten(database, clock.wall(), stateFloor);
    else log('audit_broken', { sequence: broken });
  }
  const stateFloor = ({ sequence, hash }: Floor) =>
    write(null, { event: 'audit_shortened', upTo: sequence, hash: hash.toString('base64url') });
  background.add(check);

  return {
    write: (visit, event) => write.immediate(visit, event),
    brokenAt: () => broken,
    finishCheck: () => background.finish(),
    close() {
      background.stop();
      database.close();
    },
  };
}
