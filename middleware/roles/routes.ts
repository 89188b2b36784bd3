import { type RolesReply, RolesRequest } from '../../contract/file.ts';
import type { Grants } from '../grants/grants.ts';
import { requireGrant } from '../grants/require-grant.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Roles } from './roles.ts';

export function addRoles(app: App, parts: { grants: Grants; roles: Roles; terminals: Terminals; bucket: TokenBucket }): void {
  const { grants, roles, terminals, bucket } = parts;
  addJsonRoute(app, {
    path: '/v1/roles',
    input: RolesRequest,
    who: terminals.requireActive,
    bucket,
    async answer(input, _terminal, request): Promise<RolesReply> {
      const { ssin } = await requireGrant(grants, request, input);
      const reply = await roles.list(ssin);
      return { ...reply, roles: [...reply.roles] };
    },
  });
}
