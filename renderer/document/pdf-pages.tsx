import { useLayoutEffect, useRef } from 'react';
import { Say, useText } from '../i18n/words.tsx';
import type { DrawnPage } from './draw-pages.ts';

/** All pages, one below another: each as a picture, and in words. Large text shows the words first (large-text.css). */
export function PdfPages({ pages }: { pages: readonly DrawnPage[] }) {
  const text = useText();
  return pages.map((page, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pages of one document never change order
    <section key={index} className="sheet" aria-label={text('sign.page', { at: index + 1, of: pages.length })}>
      <p className="sheet__at" aria-hidden={true}>
        <Say id="sign.page" values={{ at: index + 1, of: pages.length }} />
      </p>
      <div className="sheet__words">
        {page.lines.map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one page never change order
          <p key={at}>{line}</p>
        ))}
      </div>
      <Picture canvas={page.canvas} />
    </section>
  ));
}

function Picture({ canvas }: { canvas: HTMLCanvasElement }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    canvas.ariaHidden = 'true';
    frame.current?.replaceChildren(canvas);
  }, [canvas]);
  return <div ref={frame} className="sheet__picture" />;
}
