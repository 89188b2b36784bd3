import { printCommunication } from '../../../contract/check-numbers.ts';
import { inLanguage, type Language, type Text } from '../../../contract/language.ts';
import { communicationOf, payByPhone } from '../../../contract/payment.ts';
import { unreachable } from '../../../contract/result.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { CoverView, KioskView, ScreenView } from '../../../contract/view.ts';
import type { Catalogue } from '../../catalogue/load-catalogue.ts';
import { factsFor } from '../../forms/known-facts.ts';
import type { Form } from '../../forms/load-forms.ts';
import { sayMoney } from '../../forms/write-answer.ts';
import type { LineState } from '../../sync/sync.ts';
import type { Cover, KeptRequest, KioskState, TicketCode, Visit, VisitRules } from '../state.ts';
import { insertionOf } from '../steps/card-facts.ts';
import { hasAnswers } from '../steps/fill-form.ts';
import { trustOf } from '../steps/step-visit.ts';
import { showCatalogue, showProduct } from './show-catalogue.ts';
import { showChecks } from './show-checks.ts';
import { maskName, showFacts } from './show-facts.ts';
import { showActing, showFile, showRoles } from './show-file.ts';
import { showCheck, showQuestion, showRequestOnly, showStep } from './show-form.ts';
import { showSign, showSignIn } from './show-pin.ts';
import { showProfile } from './show-profile.ts';
import { showSuggestions } from './show-suggestions.ts';

export type ShowParts = {
  config: TerminalConfig;
  catalogue: Catalogue;
  forms: ReadonlyMap<string, Form>;
  streets?: VisitRules['streets'];
  /** This terminal has a printer. */
  prints?: boolean;
};

/** The world around the visit, as the page may say it. */
export type Surroundings = { /** ISO date. */ today: string; line: LineState; at: number };

/** What the glass shows for a state. Pure; the one place where a visit becomes a page. */
export function showKiosk(state: KioskState, around: Surroundings, parts: ShowParts): Omit<KioskView, 'revision'> {
  const { config } = parts;
  const visit = state.situation.phase === 'open' ? state.situation.visit : null;
  const say = (text: Text) => inLanguage(text, state.language);
  return {
    visit: visit?.id ?? null,
    town: say(config.municipality.name),
    kiosk: config.name,
    desk: say(config.municipality.desk),
    pxPerMm: config.screen.pxPerMm,
    languages: config.languages,
    language: state.language,
    display: state.display,
    line: around.line,
    who: visit && !visit.cover ? showWho(visit, state) : null,
    screen: showScreen(state, around, parts),
    cover: visit?.cover ? showCover(visit.cover, around.at, { config, filledIn: hasAnswers(visit.draft) }) : null,
  };
}

function showWho(visit: Visit, state: KioskState): KioskView['who'] {
  const { reader } = state;
  if (visit.card) return { name: maskName(visit.card.identity), trust: trustOf(visit), proof: 'proven', acting: showActing(visit) };
  if (visit.place.at === 'identity' && reader.state === 'identity') {
    return { name: maskName(reader.identity), trust: 'anonymous', proof: 'checking', acting: null };
  }
  return null;
}

function showScreen(state: KioskState, around: Surroundings, parts: ShowParts): ScreenView {
  const { situation } = state;
  switch (situation.phase) {
    case 'waiting':
      if (state.storage !== 'ok') return { name: 'broken', reason: state.storage };
      return { name: 'attract', reader: showReader(state) };
    case 'over':
      return {
        name: 'goodbye',
        cardStillIn: state.spent !== null,
        mayBeAnother: state.reader.state === 'left_in' && !state.reader.sure,
        tickets: situation.tickets.map((ticket) => ({ reference: ticket.reference, url: ticketUrl(ticket, parts.config) })),
        secondsLeft: state.spent === null ? secondsUntil(situation.until, around.at) : null,
        why: situation.why,
      };
    case 'open':
      return showPlace(situation.visit, state, around, parts);
  }
}

function showReader({ reader, spent }: KioskState): Extract<ScreenView, { name: 'attract' }>['reader'] {
  if (spent !== null) return 'left_in';
  return reader.state === 'no_reader' || reader.state === 'needs_attention' ? reader.state : 'ready';
}

function showPlace(visit: Visit, state: KioskState, around: Surroundings, parts: ShowParts): ScreenView {
  const { place } = visit;
  const { language, reader } = state;
  const form = visit.draft ? parts.forms.get(visit.draft.form) : undefined;
  switch (place.at) {
    case 'reading':
    case 'proving_chip':
      return { name: 'reading' };
    case 'identity':
      return showIdentity(visit, state, around.line.state, parts);
    case 'card_refused':
      return { name: 'card_refused', reason: place.reason };
    case 'catalogue':
      return showList(visit, state, around, parts);
    case 'product': {
      const scene = { ...parts, visit, state, line: around.line.state };
      return showProduct(place.product, scene) ?? showList(visit, state, around, parts);
    }
    case 'insert_card':
      return { name: 'insert_card', product: form ? inLanguage(form.title, language) : '', leftIn: state.spent !== null };
    case 'question':
      if (!visit.draft || !form) throw new Error('a question without a form');
      return showQuestion(form, visit.draft, place, { card: visit.card, known: factsFor(form, visit), language, streets: parts.streets });
    case 'check':
      if (!visit.draft || !form) throw new Error('a check without a form');
      return showCheck(form, visit.draft, visit, { known: factsFor(form, visit), language, line: around.line.state }, place.problem);
    case 'sign_in':
      return showSignIn(place, form ? inLanguage(form.title, language) : '', hasAnswers(visit.draft));
    case 'sign':
      return showSign(place, form ? inLanguage(form.title, language) : '', hasAnswers(visit.draft));
    case 'keeping':
      if (!visit.draft || !form) throw new Error('keeping without a form');
      return { name: 'keeping', step: showStep(form, visit.draft, form.pages.length, language) };
    case 'kept': {
      const kept = visit.kept.find((candidate) => candidate.txId === place.txId);
      if (!kept) throw new Error('kept without a request');
      return showKept(kept, insertionOf(reader) !== null, language, parts);
    }
    case 'file':
      return showFile(
        visit,
        { suggestions: suggestionsFor(visit, language, around, parts), at: around.at, prints: parts.prints ?? false, config: parts.config },
        (id) => nameForm(parts.forms.get(id), language),
      );
    case 'profile':
      if (!visit.profile) throw new Error('a profile without a reading');
      return showProfile(visit.profile, { language, municipality: parts.config.municipality.code });
    case 'roles':
      return showRoles(visit);
    default:
      return unreachable(place);
  }
}

function showList(visit: Visit, state: KioskState, around: Surroundings, parts: ShowParts) {
  return showCatalogue({ ...parts, visit, state, line: around.line.state }, suggestionsFor(visit, state.language, around, parts));
}

function suggestionsFor(visit: Visit, language: Language, { today }: Surroundings, { catalogue, config }: ShowParts) {
  return showSuggestions(visit, { catalogue, language, address: config.municipality.address, today });
}

function showIdentity(visit: Visit, { reader, language }: KioskState, line: LineState['state'], { forms }: ShowParts): ScreenView {
  const all = ['name', 'birth', 'nationality', 'address', 'nationalNumber'] as const;
  if (visit.card) {
    const { photo, proof } = visit.card;
    const checks = showChecks(visit.card, visit.findings, line);
    return {
      name: 'identity',
      facts: showFacts(all, visit.card),
      photo,
      proof: 'proven',
      expired: proof.validity === 'expired',
      checks,
      recentlyKept: visit.recentlyKept.map(({ reference, form, keptAt }) => ({
        reference,
        product: nameForm(forms.get(form), language),
        keptAt,
      })),
    };
  }
  if (reader.state !== 'identity') return { name: 'reading' };
  return {
    name: 'identity',
    facts: showFacts(all, reader),
    photo: null,
    proof: 'checking',
    expired: reader.proof.validity === 'expired',
    checks: [],
    recentlyKept: [],
  };
}

/** Empty for a form that is not here any more. */
function nameForm(form: Form | undefined, language: Language): string {
  return form ? inLanguage(form.title, language) : '';
}

function showKept(kept: KeptRequest, cardStillIn: boolean, language: Language, parts: ShowParts): ScreenView {
  const form = parts.forms.get(kept.form);
  return {
    name: 'kept',
    ticket: {
      reference: kept.reference,
      url: ticketUrl(kept, parts.config),
      ...(kept.receipt !== null && { receiptUrl: ticketUrl({ ...kept, proof: kept.receipt }, parts.config) }),
      product: nameForm(form, language),
      keptAt: kept.keptAt,
      receivedAt: kept.receivedAt,
    },
    whatNext: form ? inLanguage(form.whatNext, language) : '',
    requestOnly: form ? showRequestOnly(form, kept.signedIn, language) : null,
    payment: showPayment(kept, parts.config, language),
    cardStillIn,
    needsAttention: kept.needsAttention,
  };
}

/** With the own phone where the town says to which account; at the desk always. */
function showPayment({ cents = 0, reference }: KeptRequest, { municipality: { payee } }: TerminalConfig, language: Language) {
  if (cents === 0) return null;
  const communication = communicationOf(reference);
  return {
    amount: sayMoney(cents, language),
    communication: printCommunication(communication),
    phone: payee ? payByPhone(payee, cents, communication) : null,
  };
}

/** The public page that knows the reference, and nobody. What is behind `#` stays with whoever holds the ticket. */
function ticketUrl({ reference, proof }: TicketCode, { middleware }: TerminalConfig): string {
  const url = new URL(reference, middleware.ticketUrl);
  url.hash = proof;
  return url.href;
}

function secondsUntil(until: number, at: number): number {
  return Math.max(0, Math.ceil((until - at) / 1000));
}

function showCover(cover: Cover, at: number, { config, filledIn }: { config: TerminalConfig; filledIn: boolean }): CoverView {
  const secondsLeft = secondsUntil(cover.until, at);
  const { warningSeconds, cardOutSeconds, idleSeconds } = config.visit;
  if (cover.kind === 'idle') return { kind: 'idle', secondsLeft, seconds: warningSeconds };
  switch (cover.why) {
    case 'looking':
      return { kind: 'looking', filledIn };
    case 'no_reader':
    case 'needs_attention':
      return { kind: 'reader_gone', reason: cover.why, secondsLeft, seconds: idleSeconds, filledIn };
    case 'out':
    case 'other_card':
      return { kind: 'card_out', secondsLeft, seconds: cardOutSeconds, otherCard: cover.why === 'other_card' };
  }
}
