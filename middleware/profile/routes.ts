import { checkEmail, checkPhone } from '../../contract/forms/formats.ts';
import {
  type CodeReply,
  CodeRequest,
  type ConfirmReply,
  ConfirmRequest,
  type ProfileReply,
  ProfileRequest,
} from '../../contract/profile.ts';
import type { Grants } from '../grants/grants.ts';
import { requireGrant } from '../grants/require-grant.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import { Refusal } from '../http/problem.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { ReadingNote } from '../sources/routes.ts';
import type { Database } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import { createCodes } from './codes.ts';
import { type Messenger, writeCode } from './messages.ts';
import { readProfile } from './read-profile.ts';

export type ProfileParts = {
  database: Database;
  terminals: Terminals;
  grants: Grants;
  messenger: Messenger;
  /** Before anything is answered: a reading that cannot be written down is none. */
  writeReading(note: ReadingNote): Promise<void>;
  now: () => Date;
  makeBucket(): TokenBucket;
};

/** A person's own profile, with the grant that their sign-in gave. Nobody reads or reaches another's here, mandate or not. */
export function addProfile(app: App, parts: ProfileParts): void {
  const { database, terminals, grants, messenger, now } = parts;
  const codes = createCodes({ database, now });
  const who = terminals.requireActive;

  addJsonRoute(app, {
    path: '/v1/profile',
    input: ProfileRequest,
    who,
    bucket: parts.makeBucket(),
    async answer({ terminal, visit }, _terminal, request): Promise<ProfileReply> {
      const { ssin } = await requireGrant(grants, request, { terminal, visit });
      const subject = { kind: 'person' as const, ssin };
      await parts.writeReading({ terminal, visit, by: ssin, subject, actingAs: { kind: 'self' }, sources: ['profile'] });
      return await readProfile(database, { holder: ssin, now: now(), reaches: [...messenger.reaches] });
    },
  });

  addJsonRoute(app, {
    path: '/v1/profile/codes',
    input: CodeRequest,
    who,
    bucket: parts.makeBucket(),
    async answer({ terminal, visit, channel, value, language }, _terminal, request): Promise<CodeReply> {
      const { ssin } = await requireGrant(grants, request, { terminal, visit });
      const checked = channel === 'email' ? checkEmail(value) : checkPhone(value);
      if (!checked.ok || checked.value !== value) throw new Refusal('badRequest', 400);
      if (!messenger.reaches.includes(channel)) return { status: 'refused', why: 'not_connected' };
      const to = { channel, value };
      return await codes.give({ terminal, visit, holder: ssin }, to, (code) => messenger.send(writeCode(to, code, language)));
    },
  });

  addJsonRoute(app, {
    path: '/v1/profile/confirmations',
    input: ConfirmRequest,
    who,
    bucket: parts.makeBucket(),
    async answer({ terminal, visit, verification, code }, _terminal, request): Promise<ConfirmReply> {
      const { ssin } = await requireGrant(grants, request, { terminal, visit });
      return await codes.confirm({ terminal, visit, holder: ssin }, { verification, code });
    },
  });
}
