import type { KioskView } from '../../contract/view.ts';

/** Millimetres of a usual row by size of text, before it is drawn. */
const millimetres = { 1: 25, 2: 29, 3: 42, 4: 58 } as const;
/** Of a glass that nobody measured (styles/tokens.css). */
const usualPxPerMm = 4;

export function rowHeightOf({ display, pxPerMm }: Pick<KioskView, 'display' | 'pxPerMm'>): number {
  return millimetres[display.text] * (pxPerMm === 'fit' ? usualPxPerMm : pxPerMm);
}
