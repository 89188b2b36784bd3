import type { PinWay } from '../../../contract/card.ts';
import { inLanguage } from '../../../contract/language.ts';
import type { DocumentToSign } from '../../signing/make-document.ts';
import type { Asked, PinTrouble, SignStep } from '../state.ts';
import { askSignerRevocation } from './ask-signer-revocation.ts';
import { type Errand, visitOf } from './errands-between.ts';
import type { ErrandParts } from './run-errands.ts';
import { type Prepared, trouble, troubleOf, whyUnfit } from './run-sign-in.ts';

export type SigningParts = Pick<ErrandParts, 'card' | 'clock' | 'config' | 'counter' | 'dispatch' | 'forms' | 'log' | 'state'>;

type Way = Exclude<PinWay, 'pin_view'>;
type Ready = { attempt: string; way: Way; document: DocumentToSign; revocation: Asked };
type Fit = { prepared: Prepared; way: Way };
type ErrandOf<E extends Errand['errand']> = Extract<Errand, { errand: E }>;

export type Signing = {
  /** Whether this card can sign at all, before somebody fills in what they would sign. */
  findSigner(errand: ErrandOf<'find_signer'>): Promise<void>;
  prepare(errand: ErrandOf<'prepare_document'>): Promise<void>;
  sign(errand: ErrandOf<'sign'>): Promise<void>;
  /** Nobody signs that document any more: nothing of it stays here. */
  forget(attempt: string): void;
};

/** Makes the document, shows it, and has the card sign its hash. One document at a time, and only that of this attempt. */
export function createSigning(parts: SigningParts): Signing {
  const { card, dispatch, log } = parts;
  let ready: Ready | null = null;

  function isWanted(attempt: string): boolean {
    const place = visitOf(parts.state())?.place;
    return place?.at === 'sign' && place.attempt === attempt;
  }

  async function findFit(insertion: number): Promise<Fit | PinTrouble> {
    const prepared = await card.prepare(insertion, 'signature');
    if (prepared.answer !== 'prepared') return troubleOf(prepared);
    const unfit = whyUnfit(prepared);
    if (unfit) return unfit;
    const way = prepared.ways.find((candidate) => candidate !== 'pin_view');
    return way ? { prepared, way } : trouble('no_way');
  }

  /** `known`: from when the product was opened. Asking tells the authority where somebody is, so what was good is not asked again. */
  async function findRevocation({ prepared }: Fit, known: Asked | null): Promise<Asked> {
    if (known !== null && known !== 'no_line' && known.status === 'good') return known;
    const asked = await askSignerRevocation(parts.counter, prepared);
    log('revocation', asked === 'no_line' ? { status: asked } : { status: asked.status, source: asked.source });
    return asked;
  }

  /** Null: nobody waits for it any more. */
  async function makeReady({ visit, insertion, attempt }: ErrandOf<'prepare_document'>): Promise<SignStep | null> {
    const fit = await findFit(insertion);
    if ('stage' in fit) return fit;
    if (!isWanted(attempt)) return null;
    const revocation = await findRevocation(fit, visit.findings.signer);
    if (isRevoked(revocation)) return trouble('revoked');
    const form = visit.draft && parts.forms.get(visit.draft.form);
    if (!form) return trouble('failed');
    // Loaded with the first signature: neither PDF nor CMS is needed to start a kiosk.
    const { makeDocument } = await import('../../signing/make-document.ts');
    const { language } = parts.state();
    const town = inLanguage(parts.config.municipality.name, language);
    const document = await makeDocument({ visit, form, town, language, at: parts.clock.wall() }, fit.prepared);
    if (!document) return trouble('unsupported');
    if (!isWanted(attempt)) return null;
    ready = { attempt, way: fit.way, document, revocation };
    return { stage: 'read', way: fit.way, document: document.shown, revocation };
  }

  return {
    async findSigner({ insertion, attempt }) {
      const fit = await findFit(insertion);
      if ('stage' in fit) return dispatch({ type: 'sign_step', attempt, step: fit });
      if (!isWanted(attempt)) return;
      const revocation = await findRevocation(fit, null);
      if (isRevoked(revocation)) dispatch({ type: 'sign_step', attempt, step: trouble('revoked') });
      else dispatch({ type: 'can_sign', attempt, revocation });
    },
    async prepare(errand) {
      const step = await makeReady(errand);
      if (step) dispatch({ type: 'sign_step', attempt: errand.attempt, step });
    },
    async sign({ insertion, attempt }) {
      const mine = ready?.attempt === attempt ? ready : null;
      ready = null;
      if (!mine) return dispatch({ type: 'sign_step', attempt, step: trouble('failed') });
      const answer = await card.sign(insertion, { digest: mine.document.digest, way: mine.way });
      const signed = answer.answer === 'signature' ? mine.document.finish(answer.signature) : null;
      log('signed', { done: signed !== null });
      if (signed) return dispatch({ type: 'signed', attempt, signed: { document: signed, revocation: mine.revocation } });
      dispatch({ type: 'sign_step', attempt, step: answer.answer === 'signature' ? trouble('not_verified') : troubleOf(answer) });
    },
    forget(attempt) {
      if (ready?.attempt === attempt) ready = null;
    },
  };
}

function isRevoked(asked: Asked): boolean {
  return asked !== 'no_line' && asked.status === 'revoked';
}
