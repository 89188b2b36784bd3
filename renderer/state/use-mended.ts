import { useEffect, useRef, useState } from 'react';
import type { FieldView } from '../../contract/view.ts';

type Mended = {
  /** The fields with what is still said to be wrong. */
  fields: readonly FieldView[];
  change(name: string): void;
  sent(): void;
};

const none: ReadonlySet<string> = new Set();

/** A problem is about the answer that was sent. Once that answer changes nothing is said of it, until it is sent again. */
export function useMended(fields: readonly FieldView[], revision: number): Mended {
  const [changed, setChanged] = useState(none);
  const waiting = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each view may be the answer that was waited for
  useEffect(() => {
    if (!waiting.current) return;
    waiting.current = false;
    setChanged(none);
  }, [revision]);
  return {
    fields: fields.map((field) => (changed.has(field.name) ? { ...field, error: null } : field)),
    change: (name) => setChanged((before) => (before.has(name) ? before : new Set([...before, name]))),
    sent: () => {
      waiting.current = true;
    },
  };
}
