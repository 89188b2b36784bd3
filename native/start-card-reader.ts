import { existsSync } from 'node:fs';
import type { CardMessage, CardProcessStart } from '../contract/card.ts';
import { ok, type Result, refuse } from '../contract/result.ts';
import { type CardReader, createCardReader, type LoadedModule, type LoadRefusal } from './card-reader.ts';
import { systemClock } from './clock.ts';
import { pinnedRoots, testRoot } from './eid/roots.ts';
import { loadLibrary } from './pkcs11/library.ts';
import { findModule } from './pkcs11/module-paths.ts';

/** The card reader with its real parts. Throws on a test root that is no certificate: main chose it. */
export function startCardReader(start: CardProcessStart, tell: (message: CardMessage) => void): CardReader {
  return createCardReader({
    loadModule: () => loadModule(start.module),
    roots: [...pinnedRoots(), ...start.testRoots.map(testRoot)],
    clock: systemClock,
    pollMs: start.pollMs,
    tell,
  });
}

export function loadModule(configured: string | null): Result<LoadedModule, LoadRefusal> {
  const path = findModule(configured, existsSync);
  if (path === null) return refuse({ reason: 'module_missing', detail: configured === null ? 'no_standard_path' : 'configured_path' });
  const library = loadLibrary(path);
  return library.ok ? ok({ library: library.value, path }) : refuse({ reason: 'module_failed', detail: library.error.name });
}
