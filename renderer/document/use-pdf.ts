import { useEffect, useState } from 'react';
import type { DrawnPage } from './draw-pages.ts';
import { openPdf } from './open-pdf.ts';

export type PdfState = { state: 'opening' } | { state: 'open'; pages: readonly DrawnPage[] } | { state: 'broken' };

/** Opens the document that main gave, and lets go of it with the page. */
export function usePdf(base64: string): PdfState {
  const [pdf, setPdf] = useState<PdfState>({ state: 'opening' });
  useEffect(() => {
    setPdf({ state: 'opening' });
    let gone = false;
    const settle = (state: PdfState) => !gone && setPdf(state);
    const opened = openPdf(bytesOf(base64), window.innerWidth * window.devicePixelRatio);
    let drawn: readonly DrawnPage[] = [];
    opened.pages.then(
      (pages) => {
        drawn = pages;
        settle({ state: 'open', pages });
      },
      () => settle({ state: 'broken' }),
    );
    return () => {
      gone = true;
      opened.close();
      // A canvas keeps its pixels until it has none: they show a name.
      for (const { canvas } of drawn) canvas.width = 0;
    };
  }, [base64]);
  return pdf;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
