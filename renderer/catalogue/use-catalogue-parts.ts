import { useEffect } from 'react';
import { useCatalogue } from './catalogue-store.ts';

/** A frame has 16 ms, and there is more to do in it than this. */
const sliceMs = 6;

/** Takes the catalogue as it comes, and makes it findable a little at a time: no frame waits for it. */
export function useCatalogueParts(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const goOn = () => {
      timer = undefined;
      const end = performance.now() + sliceMs;
      if (useCatalogue.getState().indexSome(() => performance.now() >= end)) timer = setTimeout(goOn, 0);
    };
    const stop = window.loket.onCatalogue((part) => {
      useCatalogue.getState().takePart(part);
      timer ??= setTimeout(goOn, 0);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
}
