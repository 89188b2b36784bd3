import type { CardState } from '../../../contract/card.ts';
import type { KioskView } from '../../../contract/view.ts';
import { inBoth, type Marks, textsOfState, textsOfView, whoFits } from './marks.ts';

/**
 * Watches whether anybody is ever shown who is not there.
 *
 * A person may be on the glass while their card is in, and after it left only until the terminal can have noticed: `noticeMs`
 * of time in which the card's process was free to look. Time in which it was held by a call to the library, or was gone, does
 * not count: then nobody can know. What a visit showed is never shown by a later visit, unless that card was put in anew.
 */
export type Oracle = {
  /** A card lies in a reader since `at` at the latest and `notBefore` at the earliest. Returns what to call when it is out. */
  cardIn(persona: string, notBefore: number): (at: number) => void;
  /** The card's process is alive and free to look. */
  beat(at: number): void;
  state(state: CardState, at: number): void;
  view(view: KioskView, at: number): void;
  /** A transaction with this person's data was made in the visit that is open. */
  kept(texts: readonly string[]): void;
  /** Looks whether what is on the glass may still be there. */
  look(at: number): void;
  readonly found: { readonly wrongPerson: number; readonly mixedData: number };
};

export type OracleParts = { marks: Marks; noticeMs: number; onFinding: (finding: string) => void };

type Stay = { persona: string; from: number; until: number | null };
type Fits = ReadonlySet<string>;
type Seen = { visit: string | null; fits: Fits | null };
/** `owner`: whose card this visit took as its own; null as long as cards are only looked at. */
type Shown = { owner: Fits | null; because: Set<Stay> };

/** Beats come every 25 ms; where none came for this long, something held the process. */
const heldMs = 150;
/** Longer than any call may hold the process: what is older can excuse nothing any more. */
const rememberMs = 600_000;

export function createOracle({ marks, noticeMs, onFinding }: OracleParts): Oracle {
  let stays: Stay[] = [];
  let held: { from: number; until: number }[] = [];
  const found = { wrongPerson: 0, mixedData: 0 };
  const insertions = new Map<number, Fits>();
  /** Per visit, who was shown, and because of which stays of whose card. */
  const visits = new Map<string, Shown>();
  /** Stays whose visit is over. */
  const spent = new Set<Stay>();
  let lastBeat = 0;
  let lastInsertion = 0;
  let seen: Seen = { visit: null, fits: null };

  function report(kind: keyof typeof found, what: string, fits: Fits | null): void {
    found[kind] += 1;
    onFinding(`${kind}: ${what} (${[...(fits ?? [])].join(' or ') || 'nobody’s card has all of it'})`);
  }

  /** Milliseconds of `from`..`until` in which the card's process was free. */
  function freeTime(from: number, until: number): number {
    const gaps = until - lastBeat > heldMs ? [...held, { from: lastBeat, until }] : held;
    return gaps.reduce((left, gap) => left - Math.max(0, Math.min(until, gap.until) - Math.max(from, gap.from)), until - from);
  }

  /** The stays because of which somebody of `fits` may be known at `at`, the earliest first. */
  function reasons(fits: Fits, at: number): Stay[] {
    return stays.filter(
      ({ persona, from, until }) => fits.has(persona) && from <= at && (until === null || until >= at || freeTime(until, at) <= noticeMs),
    );
  }

  function checkMixed(what: string, fits: Fits | null): fits is Fits {
    if (fits?.size === 0) report('mixedData', what, fits);
    return fits !== null && fits.size > 0;
  }

  function endVisit(id: string): void {
    for (const stay of visits.get(id)?.because ?? []) spent.add(stay);
  }

  function look(at: number): void {
    const { fits, visit } = seen;
    if (fits === null) return;
    // The earliest: as long as the terminal may not have noticed that the card was out for a moment, it is still that stay.
    const [reason] = reasons(fits, at).filter((stay) => !spent.has(stay));
    if (reason !== undefined) {
      if (visit !== null) visits.get(visit)?.because.add(reason);
      return;
    }
    report('wrongPerson', visit === null ? 'on the glass without a visit' : 'on the glass, card not there', fits);
    seen = { ...seen, fits: null };
  }

  /** A visit may meet several cards until it takes one as its own, and from then on it shows no other. */
  function noteVisit(id: string, fits: Fits, { who, screen }: KioskView): void {
    const { owner, because } = visits.get(id) ?? { owner: null, because: new Set<Stay>() };
    const both = inBoth(owner ?? fits, fits);
    if (both.size === 0) report('wrongPerson', `one visit, two people, view ${screen.name}`, fits);
    const owned = owner !== null || (who !== null && who.trust !== 'anonymous');
    visits.set(id, { owner: !owned ? null : both.size === 0 ? fits : both, because });
  }

  function forget(at: number): void {
    stays = stays.filter(({ until }) => until === null || at - until < rememberMs);
    held = held.filter(({ until }) => at - until < rememberMs);
  }

  return {
    cardIn(persona, notBefore) {
      const stay: Stay = { persona, from: notBefore, until: null };
      stays.push(stay);
      return (at) => {
        stay.until ??= at;
      };
    },
    beat(at) {
      if (at - lastBeat > heldMs) held.push({ from: lastBeat, until: at });
      lastBeat = at;
    },
    state(state, at) {
      if (!('insertion' in state)) return;
      if (state.insertion < lastInsertion) report('wrongPerson', 'news of an older insertion', insertions.get(state.insertion) ?? null);
      lastInsertion = Math.max(lastInsertion, state.insertion);
      const fits = whoFits(marks, textsOfState(state));
      if (!checkMixed(`state ${state.state}`, fits)) return;
      const before = insertions.get(state.insertion) ?? fits;
      if (checkMixed('one insertion, two people', inBoth(before, fits))) insertions.set(state.insertion, inBoth(before, fits));
      if (reasons(fits, at).length === 0) report('wrongPerson', `state ${state.state}, card not there`, fits);
    },
    view(view, at) {
      look(at);
      if (seen.visit !== null && seen.visit !== view.visit) endVisit(seen.visit);
      const fits = whoFits(marks, textsOfView(view));
      const whole = checkMixed(`view ${view.screen.name}`, fits) ? fits : null;
      if (whole !== null && view.visit !== null) noteVisit(view.visit, whole, view);
      seen = { visit: view.visit, fits: whole };
      look(at);
      forget(at);
    },
    kept(texts) {
      const fits = whoFits(marks, texts);
      if (fits === null) return;
      const owner = seen.visit === null ? null : (visits.get(seen.visit)?.owner ?? null);
      if (checkMixed('transaction', fits) && (owner === null || inBoth(owner, fits).size === 0))
        report('wrongPerson', owner === null ? 'a transaction in a visit without a card' : 'a transaction of another person', fits);
    },
    look,
    found,
  };
}
