export type Mark = 'done' | 'wait' | 'care';

const shapes: Record<Mark, string> = {
  done: '<circle cx="12" cy="12" r="9"/><path d="M7.8 12.4l2.9 2.9 5.6-6"/>',
  wait: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.3l3.2 2"/>',
  care: '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v6M12 16.3v.4"/>',
};

/** Once in a page; each mark then points at its shape, the ones that a script draws too. */
export function drawMarks(): string {
  const symbols = Object.entries(shapes).map(([name, shape]) => `<symbol id="mark-${name}" viewBox="0 0 24 24">${shape}</symbol>`);
  return `<svg class="sprite" aria-hidden="true">${symbols.join('')}</svg>`;
}

export function drawMark(mark: Mark): string {
  return `<svg class="saying__mark" aria-hidden="true"><use href="#mark-${mark}"/></svg>`;
}
