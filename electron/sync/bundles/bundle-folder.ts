import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { BundleManifest } from '../../../contract/bundle.ts';
import { sha256 } from '../../outbox/chain.ts';
import { syncFolder, writeWhole } from '../../store/write-whole.ts';

export type BundleFile = BundleManifest['files'][number];

/** What came down: content by name. */
export type Bundle = { serial: number; madeAt: string; files: ReadonlyMap<string, Uint8Array> };

/** Which folder counts. `serial` stands here too: a damaged bundle is still not replaced by an older one. */
const Pointer = z.object({ version: z.literal(1), folder: z.string().regex(/^b-[0-9a-f]{32}$/), serial: z.int(), cursor: z.string() });
export type Pointer = z.infer<typeof Pointer>;

/**
 * A folder for each manifest: the manifest, and each file under its hash. One that is on its way is not pointed to, and
 * what of it has come need not come again.
 */
export type BundleFolder = {
  /** The newest that was whole, or null. */
  pointer(): Pointer | null;
  manifest(folder: string): string | null;
  /** Checked against its hash; null: not there, or not what it should be. */
  file(folder: string, file: BundleFile): Uint8Array | null;
  begin(manifest: string): string;
  /** The bytes have been checked. */
  write(folder: string, file: BundleFile, bytes: Uint8Array): void;
  /** All of it is there: from now on it is the one, and others go. */
  finish(folder: string, serial: number, cursor: string): void;
};

/** All but reading throws when the disk refuses. */
export function createBundleFolder(home: string): BundleFolder {
  const pointerFile = join(home, 'current.json');
  const fileName = (folder: string, { sha256: hash }: BundleFile) => join(home, folder, Buffer.from(hash, 'base64url').toString('hex'));

  const pointer = (): Pointer | null => {
    try {
      return Pointer.parse(JSON.parse(readFileSync(pointerFile, 'utf8')));
    } catch {
      return null;
    }
  };

  function removeOthers(keep: readonly (string | undefined)[]): void {
    for (const name of readdirSync(home)) {
      if (name.startsWith('b-') && !keep.includes(name)) rmSync(join(home, name), { recursive: true, force: true });
    }
  }

  return {
    pointer,
    manifest(folder) {
      try {
        return readFileSync(join(home, folder, 'manifest.jws'), 'utf8');
      } catch {
        return null;
      }
    },
    file(folder, file) {
      try {
        const bytes = readFileSync(fileName(folder, file));
        return isContent(file, bytes) ? bytes : null;
      } catch {
        return null;
      }
    },
    begin(manifest) {
      const folder = `b-${sha256(manifest).toString('hex').slice(0, 32)}`;
      mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
      removeOthers([folder, pointer()?.folder]);
      writeSynced(join(home, folder, 'manifest.jws'), manifest);
      return folder;
    },
    write: (folder, file, bytes) => writeSynced(fileName(folder, file), bytes),
    finish(folder, serial, cursor) {
      syncFolder(join(home, folder));
      syncFolder(home);
      writeWhole(pointerFile, JSON.stringify({ version: 1, folder, serial, cursor } satisfies Pointer));
      removeOthers([folder]);
    },
  };
}

export function isContent({ bytes: length, sha256: hash }: BundleFile, bytes: Uint8Array): boolean {
  return bytes.length === length && sha256(bytes).toString('base64url') === hash;
}

/** The whole bundle from disk, or null when a file of it is not what the manifest says. */
export function readBundle(files: BundleFolder, folder: string, manifest: BundleManifest): Bundle | null {
  const contents = new Map<string, Uint8Array>();
  for (const file of manifest.files) {
    const bytes = files.file(folder, file);
    if (bytes === null) return null;
    contents.set(file.name, bytes);
  }
  return { serial: manifest.serial, madeAt: manifest.madeAt, files: contents };
}

function writeSynced(file: string, content: string | Uint8Array): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
