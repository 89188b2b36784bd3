import { useLayoutEffect, useMemo, useRef } from 'react';
import { encode } from 'uqr';

/** A QR code as one path on whole units: crisp at every size, black on white in every theme, quiet zone of 4 (ISO/IEC 18004). */
export function Qr({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => drawQr(text), [text]);
  const drawn = useRef<SVGSVGElement>(null);
  // Modules of two and of three pixels beside each other are what a telephone cannot read: all of them get the same.
  useLayoutEffect(() => {
    const svg = drawn.current;
    if (svg === null) return;
    svg.style.removeProperty('width');
    const pixels = Math.floor((svg.getBoundingClientRect().width * devicePixelRatio) / size);
    if (pixels > 0) svg.style.width = `${(pixels * size) / devicePixelRatio}px`;
  });
  return (
    <svg ref={drawn} className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

/** A receipt's code is long: fewer and larger modules are worth more on glass than the means to read one that is torn. */
const longText = 400;

export function drawQr(text: string): { path: string; size: number } {
  const { data, size } = encode(text, { ecc: text.length > longText ? 'L' : 'M', border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return { path, size };
}
