import type { KeyboardOrder } from '../state/kiosk-store.ts';

export type KeyboardKind = 'letters' | 'digits' | 'phone' | 'amount' | 'email';
export type Layer = 'plain' | 'accents';
export type Layout = readonly string[];

/** Words in braces are keys that do something else than type; the rest type themselves. */
const digits = '1 2 3 4 5 6 7 8 9 0';

/** Belgian azerty without its dead keys: letters with an accent are on a layer of their own, each one press away. */
const azerty: Layout = [digits, 'a z e r t y u i o p', 'q s d f g h j k l m', "{shift} w x c v b n ' {bksp}"];
const alphabet: Layout = [digits, 'a b c d e f g h i j', 'k l m n o p q r s t', "{shift} u v w x y z ' {bksp}"];
const accents: Layout = [digits, 'é è ê ë à â ä ç ù û', 'î ï ô ö ü œ ñ & @ /', '{shift} ß , ; : ? ! ( ) {bksp}'];

export function lettersLayout(order: KeyboardOrder, layer: Layer, shifted: boolean): string[] {
  const rows = layer === 'accents' ? accents : order === 'azerty' ? azerty : alphabet;
  const bottom = `${layer === 'accents' ? '{letters}' : '{accents}'} - {space} . {${order === 'azerty' ? 'alphabet' : 'azerty'}}`;
  return [...(shifted ? rows.map(raiseLetters) : rows), bottom];
}

/** Moving between boxes only where there is more than one. */
export function digitsLayout(boxes: number, kind: Exclude<KeyboardKind, 'letters' | 'email'> = 'digits'): string[] {
  const more = { digits: '', phone: '+ ', amount: ', ' }[kind];
  return [digits, boxes > 1 ? `${more}{previous} {next} {bksp}` : `${more}{bksp}`];
}

/** Letters with what only addresses of mail need, each one press away. */
export function emailLayout(order: KeyboardOrder): string[] {
  const rows = order === 'azerty' ? azerty : alphabet;
  return [...rows.map((row) => row.replace('{shift} ', '').replace("'", '_')), `@ . - {${order === 'azerty' ? 'alphabet' : 'azerty'}}`];
}

/** ß stays: its capital would be two letters on one key. */
function raiseLetters(row: string): string {
  return row
    .split(' ')
    .map((key) => (key.startsWith('{') || key === 'ß' ? key : key.toLocaleUpperCase('nl')))
    .join(' ');
}

/** What a key does to a text with this selection. `{bksp}` takes whole characters, never half of one. */
export function applyKey(text: string, start: number, end: number, key: string): { text: string; caret: number } {
  if (key !== '{bksp}') {
    const typed = key === '{space}' ? ' ' : key;
    return { text: text.slice(0, start) + typed + text.slice(end), caret: start + typed.length };
  }
  const from = start === end ? start - lastCharacter(text.slice(0, start)).length : start;
  return { text: text.slice(0, from) + text.slice(end), caret: from };
}

function lastCharacter(text: string): string {
  return [...text].at(-1) ?? '';
}
