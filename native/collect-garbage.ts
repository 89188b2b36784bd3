import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | null = null;

/**
 * What a visit leaves on the heap goes now and not some day: V8 sees no need while little is alive, so a card process
 * that reads for months would keep a hundred megabytes of other people's cards.
 */
export function collectGarbage(): void {
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
