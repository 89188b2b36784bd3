import { writePhone } from '../../../contract/forms/formats.ts';
import type { Language } from '../../../contract/language.ts';
import { type ContactChannel, type Purpose, thingOf } from '../../../contract/profile.ts';
import type { ContactStepView, ContactView, ProfileScreenView, PurposeView, ThingState } from '../../../contract/profile-view.ts';
import { findLetterLanguage } from '../../profile/letters.ts';
import { type ContactStep, canUndo, contactOf, findKnown, lastChange, outcomeOf, type SeenProfile } from '../../profile/seen-profile.ts';

type Seeing = { language: Language; municipality: string };

/** The profile's page: what holds, with what this visit changed, and how far that is. */
export function showProfile(profile: SeenProfile, { language, municipality }: Seeing): ProfileScreenView {
  const [post, interests] = [findKnown(profile, 'post')?.set, findKnown(profile, 'interests')?.set];
  return {
    name: 'profile',
    // What is known stays on the page while it is asked anew.
    stage: profile.stage === 'asking' && profile.reply ? 'known' : profile.stage,
    why: profile.why,
    asOf: profile.reply?.asOf ?? null,
    contacts: (['email', 'phone'] as const).map((channel) => showContact(profile, channel)),
    post: { ...showThing(profile, 'post'), value: post?.field === 'post' ? post.value : null },
    interests: { ...showThing(profile, 'interests'), value: interests?.field === 'interests' ? (interests.value ?? []) : [] },
    purposes: (profile.reply?.purposes ?? []).map((purpose) => showPurpose(profile, purpose, language)),
    letters: findLetterLanguage(municipality),
    step: profile.step && showStep(profile.step),
  };
}

function showThing(profile: SeenProfile, thing: string): ThingState {
  const known = findKnown(profile, thing);
  const last = lastChange(profile, thing);
  if (!last) return { saidAt: known?.saidAt ?? null, change: null };
  const outcome = outcomeOf(profile, last.txId);
  const stage = outcome ? (outcome.missed ? 'missed' : 'done') : last.stage;
  const { reference, kept } = last;
  return {
    saidAt: known?.saidAt ?? null,
    change: { reference, keptAt: kept?.keptAt ?? null, stage, why: outcome?.missed ?? null, undo: canUndo(profile, last) },
  };
}

function showContact(profile: SeenProfile, channel: ContactChannel): ContactView {
  const value = contactOf(profile, channel);
  return {
    ...showThing(profile, channel),
    channel,
    value: value && write(channel, value),
    verifiedAt: value === null ? null : (findKnown(profile, channel)?.verifiedAt ?? null),
    reachable: profile.reply?.reaches.includes(channel) ?? false,
  };
}

function write(channel: ContactChannel, value: string): string {
  return channel === 'phone' ? writePhone(value) : value;
}

function showPurpose(profile: SeenProfile, { id, kind, title, text, version }: Purpose, language: Language): PurposeView {
  const thing = thingOf({ field: 'consent', purpose: id });
  const set = findKnown(profile, thing)?.set;
  const given = set?.field === 'consent' ? set.value : null;
  return {
    ...showThing(profile, thing),
    id,
    kind,
    title: title[language],
    text: text[language],
    version,
    given: given !== null,
    former: given !== null && given.version !== version,
  };
}

function showStep(step: ContactStep): ContactStepView {
  const shown = { channel: step.channel, stage: step.stage, value: step.value, error: null, triesLeft: null, problem: null };
  switch (step.stage) {
    case 'typing':
      return { ...shown, error: step.error };
    case 'code':
      return { ...shown, value: write(step.channel, step.value), error: step.error, triesLeft: step.triesLeft };
    case 'sending':
    case 'checking':
      return { ...shown, value: write(step.channel, step.value) };
    case 'problem':
      return { ...shown, value: write(step.channel, step.value), problem: step.why };
  }
}
