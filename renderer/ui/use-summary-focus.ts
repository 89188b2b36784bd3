import { type RefObject, useEffect, useRef } from 'react';

/** After "next", when something is wrong, the summary is where reading goes on: each time, also for the same mistake. */
export function useSummaryFocus(revision: number, wrong: boolean, summary: RefObject<HTMLDivElement | null>): () => void {
  const waiting = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each view may be the answer that was waited for
  useEffect(() => {
    if (!wrong || !waiting.current) return;
    waiting.current = false;
    summary.current?.focus();
    summary.current?.scrollIntoView({ block: 'nearest' });
  }, [revision, wrong]);
  return () => {
    waiting.current = true;
  };
}
