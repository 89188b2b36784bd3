import { inLanguage } from '../../../contract/language.ts';
import type { PinView } from '../../../contract/pin.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { ScreenView } from '../../../contract/view.ts';
import type { Form } from '../../forms/load-forms.ts';
import type { KioskState, Place } from '../state.ts';
import { hasAnswers } from '../steps/fill-form.ts';
import { canTryAgain } from '../steps/step-pin.ts';
import { showSignerChecked } from './show-checks.ts';
import { showActing } from './show-file.ts';

/** Signing in and signing, as the page says it. */

export function showSignIn({ step, goal }: Extract<Place, { at: 'sign_in' }>, product: string, filledIn: boolean): ScreenView {
  const common = { name: 'sign_in' as const, product, forFile: goal === 'file', without: goal === 'confirm', filledIn };
  if (step.stage === 'problem') {
    return { ...common, stage: 'problem', problem: step.problem, triesLeft: step.triesLeft, again: canTryAgain(step.problem) };
  }
  const stage = step.stage === 'pin' ? step.way : step.stage;
  return { ...common, stage, problem: null, triesLeft: step.stage === 'pin' ? step.triesLeft : null, again: false };
}

export function showSign({ step, goal }: Extract<Place, { at: 'sign' }>, product: string, filledIn: boolean): ScreenView {
  const nothing = { document: null, checked: null, way: null, triesLeft: null, problem: null, again: false };
  const common = { name: 'sign' as const, product, ...nothing, filledIn };
  switch (step.stage) {
    case 'preparing':
      return { ...common, stage: goal === 'open' ? 'finding_out' : 'preparing' };
    case 'problem':
      return { ...common, stage: 'problem', triesLeft: step.triesLeft, problem: step.problem, again: canTryAgain(step.problem) };
    case 'read':
      return { ...common, stage: 'read', document: step.document, checked: showSignerChecked(step.revocation), way: step.way };
    case 'pin':
      return { ...common, stage: step.way, way: step.way };
  }
}

/** The PIN view, or null while nobody has to type in it. Covered pages take no PIN. */
export function showPinView(
  { situation, language, display }: KioskState,
  typed: number,
  { config, forms }: { config: TerminalConfig; forms: ReadonlyMap<string, Form> },
): Omit<PinView, 'revision'> | null {
  if (situation.phase !== 'open' || situation.visit.cover) return null;
  const { place, draft } = situation.visit;
  if (place.at !== 'sign_in') return null;
  const { step } = place;
  // Only digits from this view are ever worked on: at a pinpad the page itself waits.
  if (step.stage !== 'working' && !(step.stage === 'pin' && step.way === 'pin_view')) return null;
  const form = draft && forms.get(draft.form);
  return {
    language,
    display,
    pxPerMm: config.screen.pxPerMm,
    desk: inLanguage(config.municipality.desk, language),
    product: form ? inLanguage(form.title, language) : '',
    forFile: place.goal === 'file',
    acting: showActing(situation.visit)?.kind ?? null,
    typed,
    filledIn: hasAnswers(draft),
    state: step.stage === 'pin' ? 'typing' : 'working',
    wrong: step.stage === 'pin' && step.wrong ? { triesLeft: step.triesLeft } : null,
    triesLeft: step.stage === 'pin' ? step.triesLeft : null,
  };
}
