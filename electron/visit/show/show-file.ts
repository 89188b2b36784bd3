import type { FileItem } from '../../../contract/file.ts';
import type { FilePush, ItemView, SourceView } from '../../../contract/file-view.ts';
import { payByPhone } from '../../../contract/payment.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { ActingView, ScreenView, SuggestionsView, TakingView } from '../../../contract/view.ts';
import { findKeyOf, keyOfItem } from '../../file/find-item.ts';
import type { SeenFile, SeenSource } from '../../file/seen-file.ts';
import type { KioskState, Visit } from '../state.ts';
import { shownTaking } from '../steps/take-item.ts';

/** The file's page, as far as it is no list of items: those go beside the view (`pushFile`). */
export function showFile(
  visit: Visit,
  {
    suggestions,
    at,
    prints,
    config,
  }: { suggestions: SuggestionsView; at: number; prints: boolean; config: Pick<TerminalConfig, 'middleware'> },
  nameForm: (form: string) => string,
): ScreenView {
  const { file, acting, roles, kept, grant, place } = visit;
  return {
    name: 'file',
    stage: file === null ? 'none' : file.end === null ? 'reading' : 'ended',
    end: file?.end ?? null,
    acting: showActing({ acting }),
    otherRoles: roles?.length ?? 0,
    secondsLeft: showTimeLeft(grant, at),
    suggestions,
    prints,
    opened: place.at === 'file' && place.item ? findKeyOf(file, place.item) : null,
    taking: showTaking(visit, config.middleware.ticketUrl, at),
    kept: kept.map(({ reference, form, keptAt, receivedAt }) => ({ reference, product: nameForm(form), keptAt, receivedAt })),
  };
}

/** How long before its end somebody is told, so that they can give the PIN without losing their place. */
const soonMs = 60_000;

function showTimeLeft(grant: Visit['grant'], at: number): number | null {
  const left = grant ? grant.until - at : null;
  return left === null || left > soonMs ? null : Math.max(0, Math.ceil(left / 1000));
}

function showTaking(visit: Visit, ticketUrl: string, at: number): TakingView | null {
  const taking = shownTaking(visit);
  // A code that opens nothing any more is taken away: another can be asked for.
  if (!taking || (taking.step.stage === 'done' && taking.step.until !== null && at >= taking.step.until)) return null;
  const { key: item, way, step } = taking;
  const [to, token] = step.stage === 'done' ? [step.to, step.token] : [null, null];
  const problem = step.stage === 'problem' ? step.problem : null;
  return { item, way, stage: step.stage, to, url: token && new URL(`/m/${token}`, ticketUrl).href, problem };
}

export function showActing({ acting }: Pick<Visit, 'acting'>): ActingView | null {
  return acting && { kind: acting.as.kind === 'enterprise' ? 'enterprise' : 'person', name: acting.name };
}

export function showRoles({ roles, acting }: Visit): ScreenView {
  const shown = (roles ?? []).map(({ as, name, seat, until }, place) => ({
    place,
    kind: as.kind === 'enterprise' ? ('enterprise' as const) : ('person' as const),
    basis: as.kind === 'person' ? as.basis : null,
    name,
    seat,
    until,
    chosen: acting !== null && acting.as === as,
  }));
  return { name: 'roles', roles: shown, self: acting === null };
}

/** What may be drawn: nothing while the page is covered, and never what a visit has laid down. */
export function shownFile({ situation }: KioskState): SeenFile | null {
  return situation.phase === 'open' && !situation.visit.cover ? situation.visit.file : null;
}

/**
 * What the screen has to hear so that it holds `now` and not `before`; null: nothing.
 * @param idOf the product of this town's catalogue that has this number
 */
export function pushFile(
  before: SeenFile | null,
  now: SeenFile | null,
  idOf: (productNumber: string) => string | undefined,
): FilePush | null {
  if (before === now) return null;
  if (now === null) return { reading: null, sources: [], emptied: [], items: [] };
  const old = before?.sources ?? new Map<string, SeenSource>();
  const push: FilePush = { reading: now.reading, sources: [], emptied: [], items: [] };
  for (const [id, seen] of now.sources) {
    const known = old.get(id);
    if (known === seen) continue;
    push.sources.push(showSource(seen));
    // Items are only ever added to, or taken back all together.
    const goesOn = known !== undefined && known.items.length > 0 && known.items[0] === seen.items[0];
    const from = goesOn ? known.items.length : 0;
    if (known && known.items.length > 0 && !goesOn) push.emptied.push(id);
    for (const [at, item] of seen.items.slice(from).entries())
      push.items.push(showItem(item, keyOfItem(id, from + at), { source: id, idOf }));
  }
  for (const id of old.keys()) if (!now.sources.has(id)) push.emptied.push(id);
  return push;
}

function showSource({ info, state, asOf, why }: SeenSource): SourceView {
  return { ...info, state, asOf, why };
}

function showItem(
  item: FileItem,
  key: string,
  { source, idOf }: { source: string; idOf: (productNumber: string) => string | undefined },
): ItemView {
  const { id: _id, subject: _subject, proof: _proof, answeredBy: number, ...shown } = item;
  // Where this town has no such product there is nothing to press.
  const answeredBy = number === undefined ? undefined : idOf(number);
  const place = { ...(answeredBy !== undefined && { answeredBy }), source, key };
  if (shown.kind !== 'payment') return { ...shown, ...place };
  const { payee, ...payment } = shown;
  const { cents, paidOn, communication } = payment;
  // Without its communication nobody could tell whose payment it is.
  const payable = payee && communication !== undefined && cents > 0 && paidOn === null;
  return { ...payment, ...(payable && { phone: payByPhone(payee, cents, communication) }), ...place };
}
