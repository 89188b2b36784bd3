import type { PinWay } from '../../../contract/card.ts';
import { inLanguage } from '../../../contract/language.ts';
import type { DocumentToSign } from '../../signing/make-document.ts';
import type { SignStep } from '../state.ts';
import type { Errand } from './errands-between.ts';
import type { ErrandParts } from './run-errands.ts';
import { trouble, troubleOf, whyUnfit } from './run-sign-in.ts';

type Ready = { attempt: string; way: Exclude<PinWay, 'pin_view'>; document: DocumentToSign };
type Prepare = Extract<Errand, { errand: 'prepare_document' }>;

export type Signing = {
  prepare(errand: Prepare): Promise<void>;
  sign(errand: Extract<Errand, { errand: 'sign' }>): Promise<void>;
};

/** Makes the document, shows it, and has the card sign its hash. One document at a time, and only that of this attempt. */
export function createSigning(parts: Pick<ErrandParts, 'card' | 'clock' | 'config' | 'dispatch' | 'forms' | 'log' | 'state'>): Signing {
  const { card, log } = parts;
  let ready: Ready | null = null;

  async function makeReady({ visit, insertion, attempt }: Prepare): Promise<SignStep> {
    const prepared = await card.prepare(insertion, 'signature');
    if (prepared.answer !== 'prepared') return troubleOf(prepared);
    const unfit = whyUnfit(prepared);
    if (unfit) return unfit;
    const way = prepared.ways.find((candidate) => candidate !== 'pin_view');
    if (!way) return trouble('no_way');
    const form = visit.draft && parts.forms.get(visit.draft.form);
    if (!form) return trouble('failed');
    const { language } = parts.state();
    // Loaded with the first signature: neither PDF nor CMS is needed to start a kiosk.
    const { makeDocument } = await import('../../signing/make-document.ts');
    const town = inLanguage(parts.config.municipality.name, language);
    const document = await makeDocument({ visit, form, town, language, at: parts.clock.wall() }, prepared);
    if (!document) return trouble('unsupported');
    ready = { attempt, way, document };
    return { stage: 'read', way, document: document.shown };
  }

  return {
    async prepare(errand) {
      parts.dispatch({ type: 'sign_step', attempt: errand.attempt, step: await makeReady(errand) });
    },
    async sign({ insertion, attempt }) {
      const mine = ready?.attempt === attempt ? ready : null;
      ready = null;
      if (!mine) return parts.dispatch({ type: 'sign_step', attempt, step: trouble('failed') });
      const answer = await card.sign(insertion, { digest: mine.document.digest, way: mine.way });
      const signed = answer.answer === 'signature' ? mine.document.finish(answer.signature) : null;
      log('signed', { done: signed !== null });
      if (signed) return parts.dispatch({ type: 'signed', attempt, document: signed });
      parts.dispatch({ type: 'sign_step', attempt, step: answer.answer === 'signature' ? trouble('not_verified') : troubleOf(answer) });
    },
  };
}
