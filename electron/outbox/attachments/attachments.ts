import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import { type Attachment, AttachmentId, attachmentLimits } from '../../../contract/attachment.ts';
import { Hash, TxId } from '../../../contract/ids.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import { writeWhole } from '../../store/write-whole.ts';
import type { RecordState } from '../outbox.ts';
import { createSpace, isFull } from '../space.ts';
import type { MediaType } from './file-type.ts';
import { type SealRefusal, sealFile } from './seal-file.ts';

export type AttachmentRefusal = SealRefusal | 'too_many' | 'bad_name' | 'storage_failed';

/** A sealed file on this disk. Neither name nor kind nor key: those are inside the record. */
export type StoredAttachment = { id: string; txId: string; length: number; sha256: string; state: RecordState | null };

export type Attachments = {
  /**
   * Seals a photo or a paper for the record that will have this txId, and puts it on disk. What comes back goes into the
   * record's content, with the key that is nowhere else. Nothing is sent before that record is kept.
   */
  prepare(
    txId: string,
    source: Uint8Array | AsyncIterable<Uint8Array>,
    of: { name: string; mediaType: MediaType },
  ): Promise<Result<Attachment, AttachmentRefusal>>;
  /** The person took one back, or all of a form that will not be kept. Does nothing to those of a kept record. */
  discard(txId: string, id?: string): void;
  /** Of kept records, the oldest first. */
  list(): StoredAttachment[];
  /** Whose note this disk changed: of which record they are, nobody can tell. They stay where they are. */
  countDamaged(): number;
  /** Up to `bytes` of the sealed file. Throws when the disk refuses, or the file is gone. */
  read(id: string, offset: number, bytes: number): Promise<Uint8Array>;
  /** For good: the middleware has it and a backup of it, or it can never come. */
  remove(id: string): void;
  /** What a crash left before its record was kept. Only once the outbox has looked at all it has, salvage included. */
  removeLeftovers(): void;
};

/** `kept`: seen beside its record, so that it stays when the record is let go first. */
const Note = z.object({ id: AttachmentId, txId: TxId, length: z.int().positive(), sha256: Hash, kept: z.boolean() });
type Note = z.infer<typeof Note>;

export type AttachmentOptions = {
  folder: string;
  reserveMebibytes: number;
  /** Null: the outbox does not have this record, not yet or not any more. */
  stateOf(txId: string): RecordState | null;
};

/** In `folder`/attachments: `ID.sealed` and, once that is whole, `ID.json`. A disk that fails now is tried again when it is needed. */
export function openAttachments({ folder: profile, reserveMebibytes, stateOf }: AttachmentOptions): Attachments {
  const folder = join(profile, 'attachments');
  const space = createSpace({ folder, reserveMebibytes });
  const writing = new Map<string, { txId: string; stopped: boolean }>();
  const sealedFile = (id: string) => join(folder, `${id}.sealed`);
  const noteFile = (id: string) => join(folder, `${id}.json`);
  let read: Map<string, Note> | null = null;
  let damaged = 0;
  /** Of this program's own forms, one may still be filled in. */
  let fromBefore: ReadonlySet<string> = new Set();

  function notes(): Map<string, Note> {
    if (!read) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      ({ notes: read, damaged } = readNotes(folder));
      fromBefore = new Set(read.keys());
    }
    return read;
  }

  function countOf(txId: string): number {
    return [...notes().values(), ...writing.values()].filter((one) => one.txId === txId).length;
  }

  function writeNote(note: Note): void {
    writeWhole(noteFile(note.id), JSON.stringify(note));
    notes().set(note.id, note);
  }

  /** The note first: a file without one is a leftover. */
  function remove(id: string): void {
    notes().delete(id);
    rmSync(noteFile(id), { force: true });
    rmSync(sealedFile(id), { force: true });
  }

  return {
    async prepare(txId, source, { name, mediaType }) {
      if (name.length === 0 || name.length > 200) return refuse('bad_name');
      const id = uuidv7();
      const key = randomBytes(32);
      const job = { txId, stopped: false };
      try {
        if (countOf(txId) >= attachmentLimits.perRecord) return refuse('too_many');
        writing.set(id, job);
        const options = { file: sealedFile(id), id, key, mediaType, hasRoom: space.hasRoom, isStopped: () => job.stopped };
        const sealed = await sealFile(source instanceof Uint8Array ? [source] : source, options);
        if (!sealed.ok || job.stopped) {
          remove(id);
          return sealed.ok ? refuse('stopped') : sealed;
        }
        const { bytes, length, sha256 } = sealed.value;
        writeNote({ id, txId, length, sha256, kept: false });
        return ok({ id, name, mediaType, bytes, sha256, key: key.toString('base64url') });
      } catch (error) {
        tryTo(() => remove(id));
        return refuse(isFull(error) ? 'disk_full' : 'storage_failed');
      } finally {
        writing.delete(id);
        key.fill(0);
      }
    },

    discard(txId, id) {
      for (const [at, job] of writing) if (job.txId === txId && (id === undefined || id === at)) job.stopped = true;
      tryTo(() => {
        if (stateOf(txId) !== null) return;
        for (const note of [...notes().values()])
          if (note.txId === txId && !note.kept && (id === undefined || id === note.id)) remove(note.id);
      });
    },

    list() {
      const oldestFirst = [...notes().values()].sort((one, other) => (one.id < other.id ? -1 : 1));
      return oldestFirst.flatMap((note) => {
        const { kept, ...stored } = note;
        const state = stateOf(note.txId);
        // A disk that is full now takes the note another time: it counts from the day the record is let go.
        if (!kept && state !== null) tryTo(() => writeNote({ ...note, kept: true }));
        return kept || state !== null ? [{ ...stored, state }] : [];
      });
    },

    countDamaged() {
      notes();
      return damaged;
    },

    async read(id, offset, bytes) {
      const file = await open(sealedFile(id), 'r');
      try {
        const { buffer, bytesRead } = await file.read(new Uint8Array(bytes), 0, bytes, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },

    remove,

    removeLeftovers() {
      for (const note of [...notes().values()]) if (fromBefore.has(note.id) && !note.kept && stateOf(note.txId) === null) remove(note.id);
      for (const name of readdirSync(folder)) {
        const id = name.split('.', 1)[0] ?? '';
        if (writing.has(id)) continue;
        const isLeftover = name.endsWith('.sealed') ? !existsSync(noteFile(id)) : name.endsWith('.new');
        if (isLeftover) rmSync(join(folder, name), { force: true });
      }
    },
  };
}

/** One that is damaged does not say which record it was for: it is left where it is, with its file. */
function readNotes(folder: string): { notes: Map<string, Note>; damaged: number } {
  const notes = new Map<string, Note>();
  let damaged = 0;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.json')) continue;
    const note = readNote(join(folder, name));
    if (note === null) damaged += 1;
    else notes.set(note.id, note);
  }
  return { notes, damaged };
}

function readNote(file: string): Note | null {
  try {
    return Note.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function tryTo(work: () => void): void {
  try {
    work();
  } catch {
    // Left for the next start.
  }
}
