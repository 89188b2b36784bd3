import { type DrawnPage, drawPages, readings } from './draw-pages.ts';

export type OpenPdf = { pages: Promise<readonly DrawnPage[]>; close(): void };

/** Draws a PDF from its bytes, in a worker: all of it or nothing. */
export function openPdf(bytes: Uint8Array, width: number): OpenPdf {
  let close = () => {};
  let closed = false;
  const load = async () => {
    // Loaded when somebody signs. The build for older browsers: Electron 33 (Chromium 130) lacks what the other calls.
    const [pdfjs, { default: PdfWorker }] = await Promise.all([
      import('pdfjs-dist/legacy/build/pdf.mjs'),
      import('pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker'),
    ]);
    const port = new PdfWorker();
    const worker = pdfjs.PDFWorker.create({ port });
    // Each reading takes its bytes over, so each gets its own.
    const strict = pdfjs.getDocument({ ...readings.strict, data: bytes.slice(), worker });
    const lenient = pdfjs.getDocument({ ...readings.lenient, data: bytes.slice(), worker });
    close = () => {
      void Promise.allSettled([strict.destroy(), lenient.destroy()]).then(() => {
        worker.destroy();
        port.terminate();
      });
    };
    if (closed) close();
    const [one, other] = await Promise.all([strict.promise, lenient.promise]);
    return drawPages({ strict: one, lenient: other }, width, pdfjs.AnnotationMode.ENABLE);
  };
  return {
    pages: load(),
    close: () => {
      closed = true;
      close();
    },
  };
}
