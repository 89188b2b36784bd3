import { pathToFileURL } from 'node:url';
import type { VirtualCard } from './build.ts';
import { insertCard, makeReader, plugReader, readState, removeCard } from './reader.ts';

export type { VirtualCard } from './build.ts';
export { type PersonaCard, personas } from './personas.ts';
export { insertCard, makeReader, type Pace, plugReader, type ReaderState, readState, removeCard, setState } from './reader.ts';

/** See build.ts. Loaded only when asked for: who only moves cards needs no compiler and no X.509. */
export async function buildVirtualCard(): Promise<VirtualCard> {
  const build = await import('./build.ts');
  return await build.buildVirtualCard();
}

const usage = `usage: control.ts build | reader DIR | insert PERSONA DIR | remove DIR | plug DIR | unplug DIR | state DIR`;

async function main(words: string[]): Promise<void> {
  const [command, first = '', second = ''] = words;
  switch (command) {
    case 'build':
      console.log(JSON.stringify(await buildVirtualCard(), null, 2));
      return;
    case 'reader':
      makeReader(first);
      return;
    case 'insert':
      insertCard(second, first);
      return;
    case 'remove':
      removeCard(first);
      return;
    case 'plug':
      plugReader(first, true);
      return;
    case 'unplug':
      plugReader(first, false);
      return;
    case 'state':
      console.log(JSON.stringify(readState(first), null, 2));
      return;
    default:
      console.error(usage);
      process.exitCode = 2;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
