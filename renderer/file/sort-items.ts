import type { ItemKind, ItemView } from '../../contract/file-view.ts';
import { themes } from '../catalogue/themes.ts';

/** `waiting`: what waits for the person first, then the newest. */
export type Order = 'waiting' | 'time' | 'theme';

/** Items in this order. Those that come are put among those that were there: a file comes in a hundred and fifty parts. */
export type SortItems = (items: readonly ItemView[], order: Order) => readonly ItemView[];

export function createSort(): SortItems {
  let last: { order: Order; items: readonly ItemView[]; sorted: readonly ItemView[] } | null = null;
  return (items, order) => {
    if (last?.order === order && last.items === items) return last.sorted;
    const before = compares[order];
    const grown = last !== null && last.order === order && goesOn(last.items, items) ? last : null;
    const fresh = items.slice(grown?.items.length ?? 0).sort(before);
    const sorted = grown ? merge(grown.sorted, fresh, before) : fresh;
    last = { order, items, sorted };
    return sorted;
  };
}

type Compare = (one: ItemView, other: ItemView) => number;

const places = new Map(themes.map((theme, at) => [theme, at]));

const compares: Record<Order, Compare> = {
  waiting(one, other) {
    if (one.action && other.action) return compare(one.action.until ?? '9', other.action.until ?? '9');
    if (one.action || other.action) return one.action ? -1 : 1;
    return rank(one.kind) - rank(other.kind) || compare(other.on, one.on);
  },
  time: (one, other) => compare(other.on, one.on),
  theme: (one, other) => (places.get(one.theme) ?? 0) - (places.get(other.theme) ?? 0) || compare(other.on, one.on),
};

/** Facts of registers are no events: they come after what happens. */
function rank(kind: ItemKind): number {
  return kind === 'register_data' ? 1 : kind === 'consultation' ? 2 : 0;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Items are added at the end, or some are taken back and the others move up. */
function goesOn(before: readonly ItemView[], now: readonly ItemView[]): boolean {
  return before.length <= now.length && before[0] === now[0] && before.at(-1) === now[before.length - 1];
}

/** Of two that are equal the one that was there first. */
function merge(old: readonly ItemView[], fresh: readonly ItemView[], before: Compare): ItemView[] {
  const merged: ItemView[] = [];
  let at = 0;
  for (const item of fresh) {
    for (let next = old[at]; next !== undefined && before(next, item) <= 0; next = old[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(item);
  }
  for (; at < old.length; at += 1) {
    const next = old[at];
    if (next) merged.push(next);
  }
  return merged;
}
