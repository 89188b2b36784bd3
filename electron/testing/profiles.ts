import type { ProfileEntry, ProfileReply, ProfileValue, Purpose } from '../../contract/profile.ts';
import type { VisitEvent } from '../visit/state.ts';
import type { ProfileAct, ProfileNews } from '../visit/steps/see-profile.ts';
import { play, put } from './play-visit.ts';

/** Visits that stand on their profile, for tests. */

const evidence = {
  token: { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' },
  issuer: '',
  nonce: '',
  origin: '',
} as const;
export const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };

/** The fourth event asks for the PIN, so its attempt is `id-4`; the sixth asks for the profile: `id-6`. */
export const toFile: VisitEvent[] = [...put(), { type: 'file', line: 'up' }, { type: 'signed_in', attempt: 'id-4', evidence, grant }];
export const act = (acted: ProfileAct): VisitEvent => ({ type: 'profile', act: acted });
export const news = (told: ProfileNews): VisitEvent => ({ type: 'profile_news', news: told });
export const toProfile: VisitEvent[] = [...toFile, act({ act: 'open', line: 'up' })];

const four = (words: string) => ({ nl: words, fr: words, de: words, en: words });
export const newsletter: Purpose = { id: 'news', kind: 'newsletter', version: 2, title: four('Nieuws'), text: four('Elke maand.') };
export const use: Purpose = { id: 'use', kind: 'use', version: 1, title: four('Herinner mij'), text: four('Per sms.') };

export const txId = (nth: number) => `01936f5e-0000-7000-8000-00000000000${nth}`;
export const ids = (nth: number) => ({ txId: txId(nth), reference: `KTR-0000-000${nth}` });

export const entry = (set: ProfileValue, more: Partial<ProfileEntry> = {}): ProfileEntry => ({
  set,
  version: txId(9),
  changedAt: '2026-03-03T09:00:00.000Z',
  verifiedAt: null,
  ...more,
});

export const makeReply = (changes: Partial<ProfileReply> = {}): ProfileReply => ({
  asOf: '2026-11-20T09:00:00.000Z',
  entries: [],
  purposes: [newsletter, use],
  outcomes: [],
  reaches: ['email', 'phone'],
  ...changes,
});

export const known = (changes: Partial<ProfileReply> = {}, reading = 'id-6'): VisitEvent =>
  news({ news: 'known', reading, reply: makeReply(changes) });

/** On the page, with this known of the person. */
export const onProfile = (changes: Partial<ProfileReply> = {}): VisitEvent[] => [...toProfile, known(changes)];

export const profileAfter = (...events: VisitEvent[]) => {
  const { visit, errands } = play(...events);
  if (!visit.profile) throw new Error('no profile');
  return { visit, errands, profile: visit.profile };
};
