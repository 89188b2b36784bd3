import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** One page of the document: its picture, and its words for who listens or reads large. Both come from the same bytes. */
export type DrawnPage = { canvas: HTMLCanvasElement; lines: readonly string[] };

/** Nobody reads more than this at a kiosk; and each page is a picture in memory. */
const maxPages = 40;

/** Pixels across one page: enough for the sharpest glass, little enough for forty of them. */
const maxWidth = 1600;

/** A page this many times as high as it is wide is no page, and more than a canvas holds: it would stay white. */
const maxShape = 4;

/** No scripts, no forms of XML, no network. */
const options = {
  // Warnings can hold words of the document. 0: errors alone (`VerbosityLevel.ERRORS`).
  verbosity: 0,
  enableXfa: false,
  useWasm: false,
  useWorkerFetch: false,
} as const;

/**
 * The two ways in which a document is read. pdf.js never says that it could not draw something: with `stopAtErrors` the
 * page ends there, without it the thing is left out, and both call it a success. So a document is whole when both ways
 * find the same in it.
 */
export const readings = { strict: { ...options, stopAtErrors: true }, lenient: { ...options, stopAtErrors: false } } as const;

export type Readings = { strict: PDFDocumentProxy; lenient: PDFDocumentProxy };

/** Draws all pages, or refuses: nobody may sign what was not shown. `annotationMode`: what those draw is signed as well. */
export async function drawPages({ strict, lenient }: Readings, width: number, annotationMode: number): Promise<readonly DrawnPage[]> {
  if (strict.numPages > maxPages) throw new Error('too many pages');
  const pages: DrawnPage[] = [];
  for (let number = 1; number <= strict.numPages; number += 1) {
    const page = await strict.getPage(number);
    await refuseUnlike(page, await lenient.getPage(number));
    pages.push(await drawPage(page, Math.min(width, maxWidth), annotationMode));
  }
  return pages;
}

/** Throws when one reading found less on a page than the other. */
export async function refuseUnlike(strict: PDFPageProxy, lenient: PDFPageProxy): Promise<void> {
  const [one, other] = await Promise.all([measure(strict), measure(lenient)]);
  if (one.strokes !== other.strokes || one.words !== other.words) throw new Error('not all of a page can be drawn');
}

async function measure(page: PDFPageProxy): Promise<{ strokes: number; words: number }> {
  const [{ fnArray }, { items }] = await Promise.all([page.getOperatorList(), page.getTextContent()]);
  return { strokes: fnArray.length, words: items.length };
}

async function drawPage(page: PDFPageProxy, width: number, annotationMode: number): Promise<DrawnPage> {
  const viewport = page.getViewport({ scale: width / page.getViewport({ scale: 1 }).width });
  if (viewport.height > maxShape * viewport.width) throw new Error('not the shape of a page');
  // Who listens, or reads large, has nothing but the words.
  const lines = await readLines(page);
  if (lines.length === 0) throw new Error('a page without words');
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(viewport.width);
  canvas.height = Math.round(viewport.height);
  // Drawn on the picture, an annotation is nothing to press.
  await page.render({ canvas, viewport, annotationMode }).promise;
  return { canvas, lines };
}

async function readLines(page: PDFPageProxy): Promise<readonly string[]> {
  const { items } = await page.getTextContent();
  const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
  return text.split('\n').filter((line) => line.trim() !== '');
}
