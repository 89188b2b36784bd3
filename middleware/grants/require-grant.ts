import { Refusal, type Request } from '../http/problem.ts';
import type { Granted, Grants } from './grants.ts';
import type { Binding } from './seal-person.ts';

/** The token from `authorization: Bearer` (RFC 6750, 2.1). Throws `grantEnded`. */
export async function requireGrant(grants: Grants, request: Request, binding: Binding): Promise<Granted> {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const granted = token === undefined ? null : await grants.find(token, { terminal: binding.terminal, visit: binding.visit });
  if (granted === null) throw new Refusal('grantEnded', 401);
  return granted;
}
