import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { LineNews } from '../../contract/wire.ts';
import type { Clock } from '../clock.ts';
import { writeWhole } from '../store/write-whole.ts';

/** What the middleware last said of this terminal, for an operator who looks after a restart without a line. Nothing is decided by it. */
const Contact = z.object({
  /** Thumbprint of the terminal's key: of another identity it says nothing. */
  of: z.string(),
  /** By this terminal's clock. */
  lastContact: z.iso.datetime(),
  /** Seconds. */
  clockOffset: z.int(),
  standing: LineNews.shape.standing,
});
export type Contact = Omit<z.infer<typeof Contact>, 'of'>;

export type LastContact = {
  /** Null: none, or not to be read any more. */
  read(): Contact | null;
  /** At each contact: written when it says something new of the terminal, else now and then. Never fails. */
  note(contact: Contact): void;
  /** The app ends: whatever was not written yet. */
  close(): void;
};

const writeMs = 60_000;

export function openLastContact({ file, of, clock }: { file: string; of: () => string; clock: Pick<Clock, 'ticks'> }): LastContact {
  let written: { contact: Contact; at: number } | null = null;
  let unwritten: Contact | null = null;

  function write(): void {
    if (!unwritten) return;
    written = { contact: unwritten, at: clock.ticks() };
    try {
      writeWhole(file, JSON.stringify({ of: of(), ...unwritten }));
    } catch {
      // An older contact is told after a restart, or none.
    }
    unwritten = null;
  }

  return {
    read() {
      try {
        const { of: whose, ...contact } = Contact.parse(JSON.parse(readFileSync(file, 'utf8')));
        return whose === of() ? contact : null;
      } catch {
        return null;
      }
    },
    note(contact) {
      unwritten = contact;
      if (written?.contact.standing !== contact.standing || clock.ticks() - written.at >= writeMs) write();
    },
    close: write,
  };
}
