import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { SignedKeySet } from './key-set.ts';

/** A held terminal gets it too: it must go on sealing to keys that somebody can open. */
export function addKeySet(app: App, { terminals, keySet }: { terminals: Terminals; keySet: SignedKeySet }): void {
  app.get('/v1/keys', async (request, reply) => {
    await terminals.requireAny(request);
    return reply.type(mediaType.jose).send(keySet.jws);
  });
}
