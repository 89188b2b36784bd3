import type { FileItem } from '../../../contract/file.ts';
import type { FilePush, ItemView, SourceView } from '../../../contract/file-view.ts';
import type { ActingView, ScreenView, SuggestionsView } from '../../../contract/view.ts';
import type { SeenFile, SeenSource } from '../../file/seen-file.ts';
import type { KioskState, Visit } from '../state.ts';

/** The file's page, as far as it is no list of items: those go beside the view (`pushFile`). */
export function showFile(
  { file, acting, roles, kept }: Visit,
  suggestions: SuggestionsView,
  nameForm: (form: string) => string,
): ScreenView {
  return {
    name: 'file',
    stage: file === null ? 'none' : file.end === null ? 'reading' : 'ended',
    end: file?.end ?? null,
    acting: showActing({ acting }),
    otherRoles: roles?.length ?? 0,
    suggestions,
    kept: kept.map(({ reference, form, keptAt, receivedAt }) => ({ reference, product: nameForm(form), keptAt, receivedAt })),
  };
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

/** What the screen has to hear so that it holds `now` and not `before`; null: nothing. */
export function pushFile(before: SeenFile | null, now: SeenFile | null): FilePush | null {
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
    for (const [at, item] of seen.items.slice(from).entries()) push.items.push(showItem(item, id, from + at));
  }
  for (const id of old.keys()) if (!now.sources.has(id)) push.emptied.push(id);
  return push;
}

function showSource({ info, state, asOf, why }: SeenSource): SourceView {
  return { ...info, state, asOf, why };
}

function showItem(item: FileItem, source: string, at: number): ItemView {
  const { id: _id, subject: _subject, ...shown } = item;
  return { ...shown, source, key: `${source}/${at}` };
}
