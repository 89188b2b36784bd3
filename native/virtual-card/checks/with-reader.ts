import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildVirtualCard, makeReader, type Pace } from '../control.ts';
import { type OpenModule, openModule } from './open-module.ts';

export type Bench = { reader: string; cards: string; module: OpenModule; another(): Promise<OpenModule> };

/** A reader of its own with the module loaded, for the time of `work`. Without delays unless asked for. */
export async function withReader(work: (bench: Bench) => Promise<void>, options: { pace?: Pace } = {}): Promise<void> {
  const built = await buildVirtualCard();
  const reader = mkdtempSync(path.join(tmpdir(), 'loket-reader-'));
  makeReader(reader, { pace: options.pace ?? 'instant', cards: built.cards });
  const modules: OpenModule[] = [];
  const another = async () => {
    const module = await openModule(built.module, reader);
    modules.push(module);
    return module;
  };
  try {
    await work({ reader, cards: built.cards, module: await another(), another });
  } finally {
    for (const module of modules) await module.close();
    rmSync(reader, { recursive: true, force: true });
  }
}
