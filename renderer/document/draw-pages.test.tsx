import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import { drawPages } from './draw-pages.ts';

type Page = { width: number; height: number; words: string[]; fails?: boolean };
const a4: Page = { width: 595, height: 842, words: ['een', 'twee'] };

/** What pdf.js gives of a document, as far as it is asked here. */
function documentOf(pages: readonly Page[]): { pdf: PDFDocumentProxy; drawn: unknown[] } {
  const drawn: unknown[] = [];
  const pageOf = ({ width, height, words, fails }: Page) => ({
    getViewport: ({ scale }: { scale: number }) => ({ width: width * scale, height: height * scale }),
    getOperatorList: async () => ({ fnArray: [1, 2, 3] }),
    getTextContent: async () => ({ items: words.map((str) => ({ str, hasEOL: true })) }),
    render: (how: { annotationMode: number }) => {
      drawn.push(how.annotationMode);
      return { promise: fails ? Promise.reject(new Error('cannot be drawn')) : Promise.resolve() };
    },
  });
  const pdf = { numPages: pages.length, getPage: async (number: number) => pageOf(pages[number - 1] ?? a4) };
  return { pdf: pdf as unknown as PDFDocumentProxy, drawn };
}

const both = (pdf: PDFDocumentProxy) => ({ strict: pdf, lenient: pdf });
const draw = (pages: readonly Page[], width = 1080) => drawPages(both(documentOf(pages).pdf), width, 1);

describe('drawing a document', () => {
  it('gives every page as a picture as wide as the glass, and its words line by line', async () => {
    const pages = await draw([a4, { ...a4, words: ['drie'] }]);
    expect(pages.map(({ canvas, lines }) => [canvas.width, canvas.height, lines])).toEqual([
      [1080, 1528, ['een', 'twee']],
      [1080, 1528, ['drie']],
    ]);
  });

  it('draws what annotations draw: it belongs to what is signed', async () => {
    const { pdf, drawn } = documentOf([a4]);
    await drawPages(both(pdf), 1080, 1);
    expect(drawn).toEqual([1]);
  });

  it('keeps pictures small enough for memory on a very sharp glass', async () => {
    expect((await draw([a4], 9000))[0]?.canvas.width).toBe(1600);
  });

  it.each([
    ['a page cannot be drawn', [a4, { ...a4, fails: true }]],
    ['a page has no words: its letters may be missing', [a4, { ...a4, words: [' '] }]],
    ['a page has the shape of no page', [{ ...a4, height: 99_999 }]],
    ['there are more pages than anybody reads here', Array.from({ length: 41 }, () => a4)],
  ])('refuses all of it when %s', async (_why, pages) => {
    await expect(draw(pages)).rejects.toThrow();
  });
});
