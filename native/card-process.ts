import * as z from 'zod';
import type { CardMessage } from '../contract/card.ts';
import { serveRequests } from './serve-requests.ts';
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
const serve = serveRequests({ tell, start: (start, left) => startCardReader(start, tell, { left }) });
parentPort.on('message', ({ data }) => serve(data));
