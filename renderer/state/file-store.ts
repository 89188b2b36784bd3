import { create } from 'zustand';
import type { FilePush, ItemView, SourceView } from '../../contract/file-view.ts';
import { createSort, type SortItems } from '../file/sort-items.ts';

type Held = {
  reading: string | null;
  sources: ReadonlyMap<string, SourceView>;
  items: readonly ItemView[];
  /** Remembers the order it put them in, and goes with them. */
  sort: SortItems;
};

export type FileState = Held & { take(push: FilePush): void; takeAll(pushes: readonly FilePush[]): void };

const nothing = (): Held => ({ reading: null, sources: new Map(), items: [], sort: createSort() });

/** The file as far as it is here. Grows with what main pushes; forgets everything when main says that nothing may be shown. */
export const useFile = create<FileState>()((set, get) => ({
  ...nothing(),
  take: (push) => get().takeAll([push]),
  takeAll: (pushes) => set((state) => pushes.reduce<Held>(hear, state)),
}));

function hear(before: Held, push: FilePush): Held {
  return push.reading === null ? nothing() : grow(before, push);
}

function grow(before: Held, { reading, sources, emptied, items }: FilePush): Held {
  const gone = new Set(emptied);
  const kept = gone.size > 0 ? before.items.filter(({ source }) => !gone.has(source)) : before.items;
  const known = new Map(before.sources);
  for (const id of gone) if (!sources.some((source) => source.id === id)) known.delete(id);
  for (const source of sources) known.set(source.id, source);
  return { sort: before.sort, reading, sources: known, items: items.length > 0 ? [...kept, ...items] : kept };
}
