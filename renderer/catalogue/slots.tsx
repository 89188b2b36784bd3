import type { KioskView } from '../../contract/view.ts';

/** The way to "my file", above everything else. */
export function FileSlot(_props: { view: KioskView }) {
  return null;
}

/** What a person may have a right to, with the reason. */
export function SuggestionSlot(_props: { view: KioskView }) {
  return null;
}
