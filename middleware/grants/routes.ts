import { type GrantEndReply, GrantEndRequest } from '../../contract/file.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Grants } from './grants.ts';

/** Any terminal may end what is its own: one that became held has a person's grant no longer than any other. */
export function addGrants(app: App, { grants, terminals, bucket }: { grants: Grants; terminals: Terminals; bucket: TokenBucket }): void {
  addJsonRoute(app, {
    path: '/v1/grants/end',
    input: GrantEndRequest,
    who: terminals.requireAny,
    bucket,
    async answer({ terminal, visit }): Promise<GrantEndReply> {
      await grants.end({ terminal, visit });
      return { ended: true };
    },
  });
}
