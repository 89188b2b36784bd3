import { useLayoutEffect, useRef, useState } from 'react';
import { applyKey, type KeyboardKind } from './keyboard-layouts.ts';

/** A box that takes typing. A date has three. */
export type Box = { name: string; keyboard: KeyboardKind; value: string; maxLength: number; onChange: (value: string) => void };

export type BoxElement = HTMLInputElement | HTMLTextAreaElement;

export type Typing = {
  /** The box that the keyboard on the screen fills. */
  active: Box | null;
  /** For the box's `ref`. */
  attach: (name: string) => (element: BoxElement | null) => void;
  onFocus: (name: string) => void;
  press: (key: string, byTouch: boolean) => void;
  move: (step: 1 | -1) => void;
  focus: (name: string) => void;
};

/** Joins the keyboard on the screen to the boxes of a page: the one touched last, or the first. */
export function useTyping(boxes: readonly Box[]): Typing {
  const [activeName, setActiveName] = useState<string | null>(null);
  const elements = useRef(new Map<string, BoxElement>());
  const caret = useRef<{ name: string; at: number } | null>(null);
  const active = boxes.find((box) => box.name === activeName) ?? boxes[0] ?? null;

  // React puts the caret at the end of a box whose text it changes; it belongs after what was typed.
  useLayoutEffect(() => {
    const waiting = caret.current;
    caret.current = null;
    if (waiting) elements.current.get(waiting.name)?.setSelectionRange(waiting.at, waiting.at);
  });

  const focus = (name: string) => {
    setActiveName(name);
    elements.current.get(name)?.focus();
  };
  return {
    active,
    attach: (name) => (element) => {
      if (element) elements.current.set(name, element);
      else elements.current.delete(name);
    },
    onFocus: setActiveName,
    focus,
    press: (key, byTouch) => {
      const element = active && elements.current.get(active.name);
      if (!active || !element) return;
      // Whoever touches keys sees the caret in the box; whoever walks the keys with Tab stays on the keys.
      if (byTouch && document.activeElement !== element) element.focus();
      const end = active.value.length;
      const { text, caret: at } = applyKey(active.value, element.selectionStart ?? end, element.selectionEnd ?? end, key);
      if (text.length > active.maxLength) return;
      caret.current = { name: active.name, at };
      active.onChange(text);
    },
    move: (step) => {
      const next = active ? boxes[boxes.indexOf(active) + step] : undefined;
      if (next) focus(next.name);
    },
  };
}
