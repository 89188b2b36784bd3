import { type RolesReply, RolesRequest } from '../../contract/file.ts';
import type { Grants } from '../grants/grants.ts';
import { requireGrant } from '../grants/require-grant.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { ReadingNote } from '../sources/routes.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { Roles } from './roles.ts';

export type RolesParts = {
  grants: Grants;
  roles: Roles;
  terminals: Terminals;
  bucket: TokenBucket;
  /** Before anything is answered, as with a file: for whom somebody may act is said of them too. */
  writeReading(note: ReadingNote & { kinds: readonly string[] }): Promise<void>;
};

export function addRoles(app: App, { grants, roles, terminals, bucket, writeReading }: RolesParts): void {
  addJsonRoute(app, {
    path: '/v1/roles',
    input: RolesRequest,
    who: terminals.requireActive,
    bucket,
    async answer(input, _terminal, request): Promise<RolesReply> {
      const { ssin } = await requireGrant(grants, request, input);
      const { terminal, visit } = input;
      const own = { by: ssin, subject: { kind: 'person', ssin }, actingAs: { kind: 'self' } } as const;
      await writeReading({ terminal, visit, ...own, sources: [], kinds: ['roles'] });
      const reply = await roles.list(ssin);
      return { ...reply, roles: [...reply.roles] };
    },
  });
}
