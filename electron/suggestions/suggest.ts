import type { FileItem, Role, Theme } from '../../contract/file.ts';
import type { CardAddress, PartialDate } from '../../contract/identity.ts';
import type { SuggestionRule, When } from '../../contract/suggestion.ts';

/** What this visit knows, as far as rules may look at it. */
export type Known = {
  birthDate: PartialDate | null;
  address: CardAddress | null;
  /** Null: nobody has said yet, as with the two below. */
  roles: readonly Role[] | null;
  items: readonly FileItem[] | null;
  interests: readonly Theme[] | null;
  /** The terminal's day, ISO. */
  today: string;
};

/** The rules that hold, in their order. What is not known makes none of them hold, nor its opposite. */
export function suggest(rules: readonly SuggestionRule[], known: Known): SuggestionRule[] {
  return rules.filter(
    ({ when, from, until }) =>
      (from === undefined || from <= known.today) && (until === undefined || known.today <= until) && judge(when, known) === true,
  );
}

/** Null: it cannot be told from what is known. */
function judge(when: When, known: Known): boolean | null {
  if ('age' in when) return judgeAge(when.age, known);
  if ('postalCode' in when) return known.address && when.postalCode.includes(known.address.postalCode);
  if ('street' in when) return judgeStreet(when.street, known);
  if ('enterprise' in when) return has(known.roles, ({ as }) => as.kind === 'enterprise');
  if ('parent' in when) return has(known.roles, ({ as }) => as.kind === 'person' && as.basis === 'parent');
  if ('household' in when) return judgeHousehold(when.household, known);
  if ('interest' in when) return has(known.interests, (interest) => when.interest.includes(interest));
  if ('item' in when) return has(known.items, (item) => fits(item, when.item, known.today));
  if ('not' in when) return negate(judge(when.not, known));
  if ('all' in when) return every(when.all.map((each) => judge(each, known)));
  return negate(every(when.any.map((each) => negate(judge(each, known)))));
}

function has<T>(known: readonly T[] | null, fits: (one: T) => boolean): boolean | null {
  return known === null ? null : known.some(fits);
}

function negate(judged: boolean | null): boolean | null {
  return judged === null ? null : !judged;
}

function every(judged: readonly (boolean | null)[]): boolean | null {
  if (judged.includes(false)) return false;
  return judged.includes(null) ? null : true;
}

function judgeAge(
  { from = 0, to = 200 }: { from?: number | undefined; to?: number | undefined },
  { birthDate, today }: Known,
): boolean | null {
  if (birthDate?.year == null) return null;
  const { year, month, day } = birthDate;
  const [thisYear = 0, thisMonth = 0, thisDay = 0] = today.split('-').map(Number);
  // Whoever's birthday nobody knows has it on the last day that it can be.
  const hadBirthday = thisMonth > (month ?? 12) || (thisMonth === (month ?? 12) && thisDay >= (day ?? 31));
  const age = thisYear - year - (hadBirthday ? 0 : 1);
  return age >= from && age <= to;
}

/** Registers that say different things say nothing. */
function judgeHousehold({ from = 1, to = 100 }: { from?: number | undefined; to?: number | undefined }, { items }: Known): boolean | null {
  const said = (items ?? []).flatMap((item) =>
    item.kind === 'register_data' && item.fact?.fact === 'household_size' ? [item.fact.persons] : [],
  );
  const [persons] = said;
  if (persons === undefined || said.some((other) => other !== persons)) return null;
  return persons >= from && persons <= to;
}

function judgeStreet(streets: readonly string[], { address }: Known): boolean | null {
  if (!address?.parts) return null;
  const own = plain(address.parts.street);
  return streets.some((street) => plain(street) === own);
}

type Wanted = Extract<When, { item: unknown }>['item'];

function fits(item: FileItem, { kind, theme, answeredBy, withinDays, endsWithinDays }: Wanted, today: string): boolean {
  if (kind !== undefined && item.kind !== kind) return false;
  if (theme !== undefined && item.theme !== theme) return false;
  if (answeredBy !== undefined && item.answeredBy !== answeredBy) return false;
  if (withinDays !== undefined && Math.abs(daysFrom(today, item.on)) > withinDays) return false;
  if (endsWithinDays === undefined) return true;
  const last = lastDayOf(item);
  return last !== null && daysFrom(today, last) >= 0 && daysFrom(today, last) <= endsWithinDays;
}

function daysFrom(today: string, day: string): number {
  return (Date.parse(day) - Date.parse(today)) / 86_400_000;
}

/** Until when it holds, or has to be done; null: no end is known, or it is done. */
function lastDayOf(item: FileItem): string | null {
  switch (item.kind) {
    case 'permit':
    case 'document':
      return item.validUntil;
    case 'loan':
      return item.due;
    case 'payment':
      return item.paidOn === null ? item.due : null;
    default:
      return item.action?.until ?? null;
  }
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}
