import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import type { SuggestionsView } from '../../contract/view.ts';
import { useText } from '../i18n/words.tsx';
import { Suggestions } from '../suggestions/suggestions.tsx';
import type { Row } from './arrange.ts';
import { Heading } from './heading.tsx';
import { ItemRow } from './item-row.tsx';

type ListProps = {
  rows: readonly Row[];
  sources: ReadonlyMap<string, SourceView>;
  suggestions: SuggestionsView;
  language: Language;
  /** Of a usual row at this size of text, px: what is not drawn yet is taken to be as high. */
  rowHeight: number;
  box: RefObject<HTMLDivElement | null>;
  onOpen: (key: string) => void;
};

/** Draws the rows that can be seen and a few around them: a file may have ten thousand. */
export function ItemList({ rows, sources, suggestions, language, rowHeight, box, onOpen }: ListProps) {
  const text = useText();
  const list = useRef<HTMLUListElement>(null);
  const [above, setAbove] = useState(0);
  // What stands above the list in the same box grows and shrinks with the text and with the news.
  useLayoutEffect(() => setAbove(list.current?.offsetTop ?? 0));
  // Another function at each drawing would have all rows reckoned anew, at every frame of scrolling.
  const getItemKey = useCallback((at: number) => rows[at]?.key ?? at, [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: (at) => (rows[at]?.row === 'heading' ? rowHeight / 2 : rowHeight),
    getItemKey,
    scrollMargin: above,
    overscan: 6,
  });
  return (
    <ul className="items" ref={list} aria-label={text('file.list')} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const row = rows[index];
        if (!row) return null;
        return (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start - above}px)` }}
          >
            {row.row === 'heading' && <Heading heading={row.heading} />}
            {row.row === 'suggestions' && <Suggestions suggestions={suggestions} />}
            {row.row === 'item' && <ItemRow item={row.item} source={sources.get(row.item.source)} language={language} onOpen={onOpen} />}
          </li>
        );
      })}
    </ul>
  );
}
