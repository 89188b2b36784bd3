import { beforeEach, expect, it } from 'vitest';
import type { ProfileReply } from '../../../contract/profile.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import type { ProfileAsker, ProfileRefusal } from '../../profile/ask-profile.ts';
import { ada } from '../../testing/people.ts';
import { play } from '../../testing/play-visit.ts';
import { act, grant, ids, makeReply, onProfile, toProfile, txId } from '../../testing/profiles.ts';
import type { VisitEvent } from '../state.ts';
import { createProfileRunner, type ProfileErrand } from './run-profile.ts';

let happened: string[];
let kept: { content: TransactionContent; lane: string | undefined }[];
let keeps: boolean;
let reply: Result<ProfileReply, ProfileRefusal>;
let run: (errand: ProfileErrand) => Promise<void>;
let asked: unknown[];

const asker: ProfileAsker = {
  async read(ask) {
    asked.push(ask);
    return reply;
  },
  async sendCode(_ask, to) {
    asked.push(to);
    return ok({ status: 'sent', verification: 'v'.repeat(43), expiresInMs: 1_000 });
  },
  async confirm(_ask, answer) {
    asked.push(answer);
    return ok({ status: 'confirmed' });
  },
};

const { visit: asking, state } = play(...toProfile);
const made = play(
  ...onProfile(),
  { type: 'language', language: 'fr' },
  act({ act: 'set', wish: { field: 'post', value: 'ebox' }, ids: ids(1) }),
);

beforeEach(() => {
  [happened, kept, asked, keeps, reply] = [[], [], [], true, ok(makeReply())];
  run = createProfileRunner({
    config: { terminal: 'kiosk-1', municipality: { code: '34022', prefix: 'KTR' } } as TerminalConfig,
    profileAsker: asker,
    outbox: {
      keep(content, { lane }) {
        happened.push(content.product);
        kept.push({ content, lane });
        const { txId: id, reference } = content;
        return keeps ? ok({ txId: id, reference, keptAt: '2026-11-22T10:00:00.000Z', ticket: {} as never }) : refuse('disk_full' as const);
      },
    },
    sync: null,
    clock: { wall: () => new Date('2026-11-22T10:00:00Z'), ticks: () => 0 },
    log: () => undefined,
    state: () => state,
    dispatch: (event: VisitEvent) => happened.push(event.type === 'profile_news' ? event.news.news : event.type),
    noteKept: (_visit, id) => happened.push(`noted ${id}`),
  });
});

const read = () => run({ errand: 'read_profile', visit: asking, reading: 'id-6' });

it('it is on the page only when the look is on the disk', async () => {
  await read();
  expect(happened).toEqual(['consultation', 'known']);
  expect(asked).toEqual([{ visit: asking.id, token: grant.token }]);
  expect(kept[0]?.content.consultation).toMatchObject({
    by: ada.nationalNumber,
    role: 'citizen',
    sources: ['profile'],
    actingAs: { kind: 'self' },
  });
  [happened, keeps] = [[], false];
  await read();
  expect(happened).toEqual(['consultation', 'storage', 'unknown']);
});

it('an answer that did not come is said, and nobody looked', async () => {
  reply = refuse('grant_ended');
  await read();
  expect([happened, kept]).toEqual([['unknown'], []]);
});

it('a change is a transaction like any other: with who signed in, in its visit’s order, and no language of the page', async () => {
  const [change] = made.visit.profile?.changes ?? [];
  if (!change) throw new Error('no change');
  await run({ errand: 'keep_profile', visit: made.visit, made: change });
  expect(happened).toEqual(['profile', `noted ${txId(1)}`, 'kept']);
  const { content } = kept[0] ?? {};
  expect(content).toMatchObject({
    txId: txId(1),
    product: 'profile',
    language: 'nl',
    trust: 'authenticated',
    provisional: false,
    person: null,
    answers: {},
    profile: { set: { field: 'post', value: 'ebox' }, basedOn: null },
  });
  expect(content?.evidence?.signIn).not.toBeNull();
  expect(kept[0]?.lane).toBe(made.visit.profile?.lane);
  [happened, keeps] = [[], false];
  await run({ errand: 'keep_profile', visit: made.visit, made: change });
  expect(happened).toEqual(['profile', 'storage', 'not_kept']);
});

it('without a sign-in nothing is kept', async () => {
  const [change] = made.visit.profile?.changes ?? [];
  if (!change) throw new Error('no change');
  const nobody = { ...made.visit, findings: { ...made.visit.findings, signIn: null } };
  await run({ errand: 'keep_profile', visit: nobody, made: change });
  expect([happened, kept]).toEqual([['not_kept'], []]);
});

it('a code is sent where the person said, in the language of the page', async () => {
  const typed = play(
    ...onProfile(),
    act({ act: 'contact', channel: 'email' }),
    act({ act: 'contact_value', value: 'a@voorbeeld.example' }),
  ).visit;
  await run({ errand: 'send_code', visit: typed, attempt: 'id-9' });
  expect([asked, happened]).toEqual([[{ channel: 'email', value: 'a@voorbeeld.example', language: 'nl' }], ['code_sent']]);
});
