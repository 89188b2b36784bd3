import type { KeyObject } from 'node:crypto';
import { Changes } from '../../../contract/bundle.ts';
import type { BundleProblem } from '../../../contract/operator.ts';
import { type LineNews, mediaType } from '../../../contract/wire.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { Line } from '../line.ts';
import { readJson } from '../read-answer.ts';
import { type Bundle, type BundleFile, type BundleFolder, createBundleFolder, isContent, readBundle } from './bundle-folder.ts';
import { readManifest } from './read-manifest.ts';

export type Bundles = {
  /** The one in use; null: none has come, and what was shipped with the app is used. Changes with `switchOver` alone. */
  current(): Bundle | null;
  /** Between visits: takes the newest that is whole. @returns whether `current` is another now */
  switchOver(): boolean;
  status(): { current: Pick<Bundle, 'serial' | 'madeAt'> | null; problem: BundleProblem | null };
  /** Fetches what is newer. Settles when it is here, or not to be had now. */
  hear(news: Pick<LineNews, 'cursor' | 'standing'>): Promise<void>;
};

export type BundleParts = {
  folder: string;
  bundleKeys: () => ReadonlyMap<string, KeyObject>;
  line: Pick<Line, 'request'>;
  clock: Pick<Clock, 'ticks'>;
  log: Log;
  /** After a failure it is not asked for again for about so long, milliseconds. */
  retryMs: number;
  /** A newer one is whole and waits for `switchOver`. */
  onReady?: () => void;
  random?: () => number;
};

class NotTaken extends Error {
  readonly problem: BundleProblem;

  constructor(problem: BundleProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** What comes down: verified, whole, and switched in one step, or not at all. */
export function openBundles(parts: BundleParts): Bundles {
  const { clock, log, random = Math.random } = parts;
  const files = createBundleFolder(parts.folder);
  let current = readStored(files, parts.bundleKeys());
  let ready: Bundle | null = null;
  let problem: BundleProblem | null = null;
  // Without the bundle itself, its cursor would only bring "nothing newer".
  let cursor = current ? (files.pointer()?.cursor ?? '') : '';
  let restUntil = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  async function fetchNewer(): Promise<void> {
    try {
      const changes = await askChanges(parts.line, cursor);
      if (changes.manifest !== null) await take(changes.manifest, changes.cursor);
      cursor = changes.cursor;
      problem = null;
    } catch (error) {
      restUntil = clock.ticks() + parts.retryMs * (0.5 + random());
      if (!(error instanceof NotTaken)) return;
      problem = error.problem;
      log('bundle_refused', { why: problem });
    }
  }

  async function take(jws: string, newCursor: string): Promise<void> {
    const manifest = readManifest(jws, parts.bundleKeys());
    if (!manifest.ok) throw new NotTaken(manifest.error);
    const newest = ready ?? current;
    const known = files.pointer();
    // A signed bundle of last year is as well signed as today's.
    if (manifest.value.serial < (known?.serial ?? 0)) throw new NotTaken('older');
    if (newest && manifest.value.serial === newest.serial && files.manifest(known?.folder ?? '') !== jws) throw new NotTaken('older');
    const folder = onDisk(() => files.begin(jws));
    for (const file of manifest.value.files) await bring(folder, file, known?.folder ?? folder);
    const bundle = readBundle(files, folder, manifest.value);
    if (!bundle) throw new NotTaken('storage_failed');
    onDisk(() => files.finish(folder, bundle.serial, newCursor));
    log('bundle_taken', { serial: bundle.serial, files: bundle.files.size });
    ready = bundle;
    parts.onReady?.();
  }

  /** From here where it is here already, else over the line. */
  async function bring(folder: string, file: BundleFile, before: string): Promise<void> {
    if (files.file(folder, file)) return;
    const bytes = files.file(before, file) ?? (await fetchBlob(parts.line, file));
    onDisk(() => files.write(folder, file, bytes));
  }

  return {
    current: () => current,
    switchOver() {
      if (!ready) return false;
      current = ready;
      ready = null;
      return true;
    },
    status: () => ({ current: current && { serial: current.serial, madeAt: current.madeAt }, problem }),
    async hear({ cursor: newest, standing }) {
      // A held terminal gets nothing else: it would only be refused.
      if (newest === cursor || standing !== 'active' || clock.ticks() < restUntil) return;
      fetching ??= fetchNewer().finally(() => {
        fetching = null;
      });
      await fetching;
    },
  };
}

function readStored(files: BundleFolder, keys: ReadonlyMap<string, KeyObject>): Bundle | null {
  const pointer = files.pointer();
  const jws = pointer && files.manifest(pointer.folder);
  const manifest = jws ? readManifest(jws, keys) : null;
  return pointer && manifest?.ok ? readBundle(files, pointer.folder, manifest.value) : null;
}

async function askChanges(line: Pick<Line, 'request'>, cursor: string): Promise<Changes> {
  const answer = await line.request('GET', `/v1/changes?cursor=${encodeURIComponent(cursor)}`);
  const changes = readJson(answer, Changes);
  if (changes === null) throw new NotTaken('unreadable');
  return changes;
}

async function fetchBlob(line: Pick<Line, 'request'>, file: BundleFile): Promise<Uint8Array> {
  const answer = await line.request('GET', `/v1/blobs/${file.sha256}`);
  if (answer.status !== 200 || answer.mediaType !== mediaType.json) throw new NotTaken('unreadable');
  if (!isContent(file, answer.body)) throw new NotTaken('wrong_content');
  return answer.body;
}

function onDisk<T>(work: () => T): T {
  try {
    return work();
  } catch {
    throw new NotTaken('storage_failed');
  }
}
