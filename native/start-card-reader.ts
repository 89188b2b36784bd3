import { existsSync } from 'node:fs';
import type { CardMessage, CardProcessStart, LeftCard } from '../contract/card.ts';
import { ok, type Result, refuse } from '../contract/result.ts';
import { type CardReader, createCardReader, type LoadedModule, type LoadRefusal } from './card-reader.ts';
import { type Clock, systemClock } from './clock.ts';
import { pinnedRoots, testRoot } from './eid/roots.ts';
import { loadLibrary } from './pkcs11/library.ts';
import { findModule } from './pkcs11/module-paths.ts';

/** The card reader with its real parts. Throws on a test root that is no certificate: main chose it. */
export function startCardReader(
  start: CardProcessStart,
  tell: (message: CardMessage) => void,
  { left = null, clock = systemClock }: { left?: LeftCard | null; clock?: Clock } = {},
): CardReader {
  return createCardReader({
    loadModule: () => loadModule(start),
    roots: [...pinnedRoots(), ...start.testRoots.map(testRoot)],
    clock,
    pollMs: start.pollMs,
    allowDialog: start.allowDialog,
    left,
    tell,
    endProcess: () => setTimeout(() => process.exit(1), lastWordsMs),
  });
}

/** What was told last is on its way by then. */
const lastWordsMs = 200;

type ModuleChoice = Pick<CardProcessStart, 'module' | 'allowVirtualCard'>;

/** A product build does not deal with a virtual card: whoever can put one there could be anybody. */
export function loadModule({ module, allowVirtualCard }: ModuleChoice): Result<LoadedModule, LoadRefusal> {
  const path = findModule(module, existsSync);
  if (path === null) return refuse({ reason: 'module_missing', detail: module === null ? 'no_standard_path' : 'configured_path' });
  const library = loadLibrary(path);
  if (!library.ok) return refuse({ reason: 'module_failed', detail: library.error.name });
  if (!library.value.isVirtualCard || allowVirtualCard) return ok({ library: library.value, path });
  library.value.finish();
  return refuse({ reason: 'module_refused', detail: 'virtual_card' });
}
