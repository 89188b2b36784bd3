import { useEffect } from 'react';
import type { ItemView, SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import { makeItemWords } from './item-words.ts';

/** A frame has 16 ms, and there is more to do in it than this. */
const sliceMs = 4;
const restMs = 100;

/** Makes what a search looks at before anybody searches, a little at a time once nothing comes any more. */
export function useItemWords(items: readonly ItemView[], sources: ReadonlyMap<string, SourceView>, language: Language): void {
  useEffect(() => {
    let at = 0;
    const wordsOf = makeItemWords(sources, language);
    const goOn = () => {
      const end = performance.now() + sliceMs;
      for (; at < items.length && performance.now() < end; at += 1) {
        const item = items[at];
        if (item) wordsOf(item);
      }
      if (at < items.length) timer = setTimeout(goOn, 0);
    };
    let timer = setTimeout(goOn, restMs);
    return () => clearTimeout(timer);
  }, [items, sources, language]);
}
