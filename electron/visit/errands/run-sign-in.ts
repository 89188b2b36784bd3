import type { CardAnswer, PinWay } from '../../../contract/card.ts';
import type { SignInEvidence } from '../../../contract/evidence.ts';
import type { Grant } from '../../../contract/file.ts';
import type { PinProblem } from '../../../contract/view.ts';
import type { SignInResult } from '../../../contract/wire.ts';
import type { CardSupervisor } from '../../identity/card-supervisor.ts';
import type { Counter } from '../../sync/counter.ts';
import type { PinTrouble, SignInStep } from '../state.ts';
import type { PinEntry } from './pin-entry.ts';

export type SignInParts = {
  card: Pick<CardSupervisor, 'prepare' | 'signIn'>;
  counter: Counter;
  /** For which a grant is asked. */
  visit: string;
  /** The only origin that a challenge may name. */
  origin: string;
  pinEntry: Pick<PinEntry, 'ask'>;
  tell: (step: SignInStep) => void;
  /** False once the person has left this attempt: nothing more is asked of the card. */
  isWanted: () => boolean;
};

export type Prepared = Extract<CardAnswer, { answer: 'prepared' }>;
type Token = Extract<CardAnswer, { answer: 'token' }>;

/** `grant`: null where the middleware gives none; then the file stays closed. */
export type SignedIn = { evidence: SignInEvidence; grant: Grant | null };

/**
 * One attempt to sign in: certificate and challenge first, then the PIN, then the middleware's judgement. Nobody types a
 * PIN that could come to nothing: without a line, a certificate or a way to give it, that is said before.
 */
export async function runSignIn(insertion: number, parts: SignInParts): Promise<SignedIn | PinTrouble> {
  const [challenge, prepared] = await Promise.all([parts.counter.askChallenge(), parts.card.prepare(insertion, 'authentication')]);
  if (prepared.answer !== 'prepared') return troubleOf(prepared);
  const unfit = whyUnfit(prepared);
  if (unfit) return unfit;
  const way = prepared.ways[0];
  if (!way) return trouble('no_way');
  if (!challenge.ok) return trouble('no_line');
  const { nonce, origin } = challenge.value;
  if (origin !== parts.origin) return trouble('not_accepted');
  const token = await askForPin(insertion, { nonce, origin }, way, prepared, parts);
  if (token.answer !== 'token') return troubleOf(token);
  // Whoever went meanwhile signs in nowhere, and their card is shown to nobody.
  if (!parts.isWanted()) return trouble('cancelled');
  parts.tell({ stage: 'checking' });
  const judged = await parts.counter.signIn({ nonce, token: token.token, issuer: prepared.issuer, visit: parts.visit });
  if (!judged.ok) return trouble('no_line');
  if (judged.value.status === 'refused') return trouble(refusals[judged.value.reason]);
  return { evidence: { token: token.token, issuer: prepared.issuer, nonce, origin }, grant: judged.value.grant ?? null };
}

/** In the PIN view a wrong entry is asked again at once; at a pinpad or in a dialog the page asks first. */
async function askForPin(
  insertion: number,
  challenge: { nonce: string; origin: string },
  way: PinWay,
  { triesLeft: known }: Prepared,
  { card, pinEntry, tell, isWanted }: SignInParts,
): Promise<Token | Exclude<CardAnswer, Token>> {
  let triesLeft = known;
  for (let wrong = false; ; wrong = true) {
    if (!isWanted()) return cancelled;
    const typed = way === 'pin_view' ? pinEntry.ask() : null;
    tell({ stage: 'pin', way, triesLeft, wrong });
    const pin = await typed;
    if (!isWanted()) return cancelled;
    if (typed !== null) {
      if (pin === null) return cancelled;
      tell({ stage: 'working' });
    }
    const answer = await card.signIn(insertion, { ...challenge, pin });
    const again = answer.answer === 'problem' && answer.problem === 'wrong_pin' && way === 'pin_view';
    if (!again) return answer;
    triesLeft = answer.triesLeft;
  }
}

const cancelled: CardAnswer = { answer: 'problem', problem: 'cancelled', triesLeft: null };

const refusals: Record<Extract<SignInResult, { status: 'refused' }>['reason'], PinProblem> = {
  challenge: 'not_accepted',
  signature: 'not_accepted',
  certificate: 'certificate_not_proven',
  expired: 'certificate_expired',
  revoked: 'revoked',
  revocation_unknown: 'revocation_unknown',
};

/** What makes asking for a PIN pointless, known from the card alone. */
export function whyUnfit({ chain, triesLeft }: Prepared): PinTrouble | null {
  if (chain === 'expired') return trouble('certificate_expired');
  if (chain === 'not_proven') return trouble('certificate_not_proven');
  return triesLeft === 0 ? trouble('pin_blocked', 0) : null;
}

export function trouble(problem: PinProblem, triesLeft: number | null = null): PinTrouble {
  return { stage: 'problem', problem, triesLeft };
}

/** An answer that is not the one asked for: the card's own reason, or our mistake. */
export function troubleOf(answer: CardAnswer): PinTrouble {
  return answer.answer === 'problem' ? trouble(answer.problem, answer.triesLeft) : trouble('failed');
}
