import type { Box, MeasuredPage, MeasuredTarget, MeasuredText } from './layout-rules.ts';

/**
 * Measures the page that is drawn, for `findLayoutProblems`. Runs inside the page (a test passes it to `evaluate`), so
 * it may use nothing from outside its own body.
 */
export function measurePage(): MeasuredPage {
  const capPerEm = 0.668;
  const root = document.documentElement;
  const pxPerMm = Number(getComputedStyle(root).getPropertyValue('--px-per-mm')) || 1;
  const boxOf = (element: Element | Range): Box => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { left, top, right, bottom };
  };
  const cut = (box: Box, by: Box): Box | null => {
    const left = Math.max(box.left, by.left);
    const top = Math.max(box.top, by.top);
    const right = Math.min(box.right, by.right);
    const bottom = Math.min(box.bottom, by.bottom);
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  };
  const dialog = document.querySelector('[role="dialog"]');
  const place = dialog ?? document.querySelector('.page') ?? document.body;
  const pageBox = boxOf(document.querySelector('.page') ?? document.body);

  const targetOf = (element: Element): MeasuredTarget => {
    // The input of a radio or a checkbox is hidden inside its label: the label is what one presses.
    const box = boxOf(element);
    const scroll = element.closest('.scroll__box');
    return {
      ...box,
      name: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 60) || element.tagName,
      visible: scroll ? cut(box, boxOf(scroll)) : box,
      inScroll: scroll !== null,
    };
  };
  const pressable = 'button, a[href], label.choice, input:not([type="radio"], [type="checkbox"]), textarea';
  /** For screen readers alone (React Aria's second "next" behind a calendar): nobody touches what is not there. */
  const isUnseen = (element: Element) => element.closest('.unseen, [style*="clip-path: inset(50%)"]') !== null;
  const targets = [...place.querySelectorAll(pressable)]
    .filter((element) => element.getClientRects().length > 0 && !isUnseen(element))
    .map(targetOf);

  const texts: MeasuredText[] = [];
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const words = node.textContent?.trim() ?? '';
    if (!parent || words === '' || isUnseen(parent) || parent.closest('svg')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const style = getComputedStyle(parent);
    const holder = parent.closest('button, .choice');
    texts.push({
      name: words.slice(0, 60),
      box: boxOf(range),
      clippedBy: holder && boxOf(holder),
      capMm: (Number.parseFloat(style.fontSize) * capPerEm) / pxPerMm,
    });
  }

  const scrolls = [...place.querySelectorAll('.scroll')].map((scroll) => {
    const box = scroll.querySelector('.scroll__box');
    return {
      needs: box !== null && box.scrollHeight > box.clientHeight + 1,
      hasButtons: scroll.querySelector('.scroll__bar') !== null,
      reading: scroll.hasAttribute('data-reading'),
    };
  });
  const feet = place.querySelector('.feet, .dialog__feet');
  return {
    pxPerMm,
    page: pageBox,
    scrollWidth: root.scrollWidth,
    clientWidth: root.clientWidth,
    targets,
    texts,
    scrolls,
    feet: feet && boxOf(feet),
  };
}
