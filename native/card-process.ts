import * as z from 'zod';
import { type CardMessage, CardRequest } from '../contract/card.ts';
import { unreachable } from '../contract/result.ts';
import type { CardReader } from './card-reader.ts';
import { startCardReader } from './start-card-reader.ts';

/**
 * Entry of the Electron utility process that holds the card: PKCS#11 calls are synchronous and block for as long as a
 * card does, so they happen here, where main can end a process that hangs (docs/adr/0002).
 */
type ParentPort = { postMessage(message: CardMessage): void; on(event: 'message', listener: (event: { data: unknown }) => void): void };

/** `process.parentPort` is Electron's; this folder does without Electron's types. */
const UtilityProcess = z.object({ parentPort: z.custom<ParentPort>((port) => typeof port === 'object' && port !== null) });

const { parentPort } = UtilityProcess.parse({ parentPort: Reflect.get(process, 'parentPort') });
const tell = (message: CardMessage) => parentPort.postMessage(message);
let reader: CardReader | null = null;

// From a timer: a call that blocks this process blocks this too, which is how main learns of it.
setInterval(() => tell({ tell: 'alive' }), 2_000);

parentPort.on('message', ({ data }) => {
  const request = CardRequest.safeParse(data);
  if (!request.success) {
    tell({ tell: 'log', event: 'request_refused', detail: 'not_of_the_contract' });
    return;
  }
  switch (request.data.ask) {
    case 'start':
      // One library per process (P:general.c): a second start would share it, so it is refused.
      if (reader !== null) tell({ tell: 'log', event: 'request_refused', detail: 'started_already' });
      reader ??= startCardReader(request.data.start, tell);
      return;
    case 'forget':
      reader?.forget();
      return;
    case 'read':
      reader?.read();
      return;
    default:
      unreachable(request.data);
  }
});
