import { checkEmail, checkPhone } from '../../../contract/forms/formats.ts';
import type { ProfileWish } from '../../../contract/ipc.ts';
import type { CodeReply, ConfirmReply, ContactChannel, ProfileReply } from '../../../contract/profile.ts';
import { cleanText } from '../../forms/read-answer.ts';
import {
  addChange,
  askProfileAgain,
  beginProfile,
  type ContactProblem,
  type ContactStep,
  contactOf,
  type Ids,
  makeChange,
  makeUndo,
  markChange,
  outcomeOf,
  type SeenProfile,
} from '../../profile/seen-profile.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Stamp, Visit } from '../state.ts';
import { askForPin } from './see-file.ts';

/** The person's own profile: what a press does, and what the middleware and the outbox say. */

export type ProfileAct =
  | { act: 'open'; line: LineState['state'] }
  | { act: 'again' }
  /** Asks for an address or a number. */
  | { act: 'contact'; channel: ContactChannel }
  | { act: 'contact_value'; value: string }
  | { act: 'contact_code'; code: string }
  /** Another code, or another try. */
  | { act: 'contact_again' }
  | { act: 'contact_leave' }
  | { act: 'set'; wish: ProfileWish; ids: Ids }
  /** Of this thing, the newest change. */
  | { act: 'undo'; thing: string; ids: Ids };

export type ProfileNews =
  | { news: 'known'; reading: string; reply: ProfileReply }
  | { news: 'unknown'; reading: string; why: NonNullable<SeenProfile['why']> }
  | { news: 'code_sent'; attempt: string; reply: CodeReply }
  | { news: 'code_checked'; attempt: string; reply: ConfirmReply; ids: Ids }
  | { news: 'code_failed'; attempt: string; why: ContactProblem }
  | { news: 'kept'; txId: string; keptAt: string; proof: string }
  | { news: 'not_kept'; txId: string };

export function actOnProfile(visit: Visit, act: ProfileAct, stamp: Stamp): Visit {
  if (act.act === 'open') return visit.place.at === 'file' ? openProfile(visit, act.line, stamp) : visit;
  if (visit.place.at !== 'profile' || !visit.profile) return visit;
  if (act.act === 'again') return enterProfile(visit, stamp);
  return { ...visit, profile: press(visit.profile, act, stamp) };
}

/** Nobody opens it in another's name: a mandate is no word about how somebody wants to be reached. */
function openProfile(visit: Visit, line: LineState['state'], stamp: Stamp): Visit {
  if (visit.acting || !visit.card) return visit;
  if (line !== 'down' || visit.profile?.reply) return enterProfile(visit, stamp);
  return { ...visit, place: { at: 'profile' }, profile: { ...beginProfile(stamp.freshId), stage: 'none', why: 'no_line' } };
}

/** Onto the page, or to the PIN where nobody has signed in, or did so too long ago. */
export function enterProfile(visit: Visit, stamp: Stamp): Visit {
  const isGranted = visit.grant !== null && stamp.at < visit.grant.until;
  if (!isGranted) return { ...askForPin(visit, stamp), wanted: 'profile' };
  const { profile } = visit;
  const open: Visit = { ...visit, wanted: null, place: { at: 'profile' } };
  if (profile?.stage === 'known' && !profile.changes.some((made) => made.stage === 'received' && !outcomeOf(profile, made.txId)))
    return { ...open, profile: { ...profile, step: resume(profile.step) } };
  return {
    ...open,
    profile: profile ? askProfileAgain({ ...profile, step: resume(profile.step) }, stamp.freshId) : beginProfile(stamp.freshId),
  };
}

/** What was typed before the PIN was asked again is still in the box. */
function resume(step: ContactStep | null): ContactStep | null {
  return step && { stage: 'typing', channel: step.channel, value: step.value, error: null };
}

function press(profile: SeenProfile, act: Exclude<ProfileAct, { act: 'open' | 'again' }>, { freshId }: Stamp): SeenProfile {
  const { step, reply } = profile;
  switch (act.act) {
    case 'contact': {
      const value = contactOf(profile, act.channel) ?? '';
      return reply?.reaches.includes(act.channel)
        ? { ...profile, step: { stage: 'typing', channel: act.channel, value, error: null } }
        : profile;
    }
    case 'contact_value':
      return step?.stage === 'typing' ? { ...profile, step: takeContact(profile, step, act.value, freshId) } : profile;
    case 'contact_code':
      return step?.stage === 'code' ? { ...profile, step: takeCode(step, act.code, freshId) } : profile;
    case 'contact_again':
      if (step?.stage !== 'code' && step?.stage !== 'problem') return profile;
      return { ...profile, step: { stage: 'sending', channel: step.channel, value: step.value, attempt: freshId } };
    case 'contact_leave':
      return { ...profile, step: null };
    case 'set':
      return reply ? addChange(profile, makeChange(profile, act.wish), act.ids) : profile;
    case 'undo':
      return addChange(profile, makeUndo(profile, act.thing), act.ids, true);
  }
}

type Typing = Extract<ContactStep, { stage: 'typing' }>;

/** What was typed stands in the box as it is stored, or as it was typed where it is nothing that can be reached. */
function takeContact(profile: SeenProfile, { channel }: Typing, typed: string, attempt: string): ContactStep {
  const text = cleanText(typed);
  const again = (error: Typing['error']): ContactStep => ({ stage: 'typing', channel, value: text, error });
  if (text === '') return again('missing');
  const checked = channel === 'email' ? checkEmail(text.replaceAll(/\s/g, '')) : checkPhone(text);
  if (!checked.ok) return again('wrong');
  if (checked.value === contactOf(profile, channel)) return again('same');
  return { stage: 'sending', channel, value: checked.value, attempt };
}

function takeCode(step: Extract<ContactStep, { stage: 'code' }>, typed: string, attempt: string): ContactStep {
  const code = typed.replaceAll(/\D/g, '');
  if (code.length !== 6) return { ...step, error: 'code_missing' };
  const { channel, value, verification, triesLeft } = step;
  return { stage: 'checking', channel, value, verification, code, attempt, triesLeft };
}

export function hearProfile(visit: Visit, news: ProfileNews, at: number): Visit {
  const { profile } = visit;
  if (!profile) return visit;
  const next = hear(profile, news);
  if (next === profile) return visit;
  // Somebody who waits for a message is there.
  const isAnswer = news.news === 'code_sent' || news.news === 'code_checked' || news.news === 'code_failed';
  const grant = (news.news === 'unknown' || news.news === 'code_failed') && news.why === 'grant_ended' ? null : visit.grant;
  return { ...visit, profile: next, grant, ...(isAnswer && !visit.cover && { activeAt: at }) };
}

function hear(profile: SeenProfile, news: ProfileNews): SeenProfile {
  switch (news.news) {
    case 'known':
      return news.reading === profile.reading ? { ...profile, stage: 'known', why: null, reply: news.reply } : profile;
    case 'unknown':
      if (news.reading !== profile.reading) return profile;
      // What was known before stays on the page.
      return { ...profile, stage: profile.reply ? 'known' : 'none', why: news.why };
    case 'kept':
      return markChange(profile, news.txId, { stage: 'kept', kept: { keptAt: news.keptAt, proof: news.proof } });
    case 'not_kept':
      return markChange(profile, news.txId, { stage: 'not_kept' });
    case 'code_sent':
      return hearSent(profile, news);
    case 'code_checked':
      return hearChecked(profile, news);
    case 'code_failed':
      return hearFailed(profile, news);
  }
}

type News<N extends ProfileNews['news']> = Extract<ProfileNews, { news: N }>;

function hearSent(profile: SeenProfile, { attempt, reply }: News<'code_sent'>): SeenProfile {
  const { step } = profile;
  if (step?.stage !== 'sending' || step.attempt !== attempt) return profile;
  const { channel, value } = step;
  if (reply.status === 'refused') return { ...profile, step: { stage: 'problem', channel, value, why: reply.why } };
  return { ...profile, step: { stage: 'code', channel, value, verification: reply.verification, error: null, triesLeft: null } };
}

function hearChecked(profile: SeenProfile, { attempt, reply, ids }: News<'code_checked'>): SeenProfile {
  const { step } = profile;
  if (step?.stage !== 'checking' || step.attempt !== attempt) return profile;
  const { channel, value, verification } = step;
  if (reply.status === 'over') return { ...profile, step: { stage: 'problem', channel, value, why: 'over' } };
  if (reply.status === 'wrong')
    return { ...profile, step: { stage: 'code', channel, value, verification, error: 'code_wrong', triesLeft: reply.triesLeft } };
  const change = makeContactChange(profile, { channel, value });
  return addChange({ ...profile, step: null }, change && { ...change, verification }, ids);
}

function makeContactChange(profile: SeenProfile, set: { channel: ContactChannel; value: string }) {
  return makeChange(profile, { field: set.channel, value: set.value });
}

function hearFailed(profile: SeenProfile, { attempt, why }: News<'code_failed'>): SeenProfile {
  const { step } = profile;
  if ((step?.stage !== 'sending' && step?.stage !== 'checking') || step.attempt !== attempt) return profile;
  const { channel, value } = step;
  return { ...profile, step: { stage: 'problem', channel, value, why } };
}
