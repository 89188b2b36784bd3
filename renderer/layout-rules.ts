/**
 * What a page of the kiosk may never do, as pure functions over measured boxes (see measure.ts). Numbers: VVSG 2.0
 * 7.2-I (targets of 12.7 mm, 2.54 mm apart), EN 301 549 5.1.4 and VVSG 2.0 7.1-G (text).
 */
export type Box = { left: number; top: number; right: number; bottom: number };

export type MeasuredTarget = Box & {
  /** What a person would call it: only for the report. */
  name: string;
  /** The part that can be seen; null when it is scrolled out of sight. */
  visible: Box | null;
  inScroll: boolean;
};

export type MeasuredText = { name: string; box: Box; clippedBy: Box | null; capMm: number };

export type MeasuredPage = {
  pxPerMm: number;
  /** The page's own box, and what the document would need. */
  page: Box;
  scrollWidth: number;
  clientWidth: number;
  targets: readonly MeasuredTarget[];
  texts: readonly MeasuredText[];
  /** Areas that scroll and whether they need to. `reading`: a document, which is as long as it is. */
  scrolls: readonly { needs: boolean; hasButtons: boolean; reading: boolean }[];
  feet: Box | null;
};

export type LayoutRules = { targetMm: number; gapMm: number; capMm: number; mayScroll: boolean };

export type LayoutProblem = {
  rule:
    | 'sideways'
    | 'outside_page'
    | 'small_target'
    | 'narrow_gap'
    | 'overlap'
    | 'clipped_text'
    | 'small_text'
    | 'scrolls'
    | 'no_scroll_buttons'
    | 'no_feet';
  what: string;
  mm?: number;
};

/** Text sizes 1 and 2 hold every page whole; 3 and 4 may scroll, with buttons. Smallest capital per size (VVSG 7.1-G). */
export const rulesForText: Record<1 | 2 | 3 | 4, LayoutRules> = {
  1: { targetMm: 12.7, gapMm: 2.54, capMm: 3.5, mayScroll: false },
  2: { targetMm: 12.7, gapMm: 2.54, capMm: 4.8, mayScroll: false },
  3: { targetMm: 12.7, gapMm: 2.54, capMm: 6.39, mayScroll: true },
  4: { targetMm: 12.7, gapMm: 2.54, capMm: 6.39, mayScroll: true },
};

/** Measurements are in device pixels of a zoomed page: a twentieth of a millimetre is rounding, not a fault. */
const slackMm = 0.05;

export function findLayoutProblems(page: MeasuredPage, rules: LayoutRules): LayoutProblem[] {
  return [
    ...findOverflow(page),
    ...findTargetProblems(page, rules),
    ...findGapProblems(page, rules),
    ...findTextProblems(page, rules),
    ...findScrollProblems(page, rules),
  ];
}

function findOverflow(page: MeasuredPage): LayoutProblem[] {
  const problems: LayoutProblem[] = [];
  if (page.scrollWidth > page.clientWidth + 1) problems.push({ rule: 'sideways', what: 'document' });
  if (!page.feet || page.feet.bottom > page.page.bottom + 1) problems.push({ rule: 'no_feet', what: 'feet' });
  return problems;
}

function findTargetProblems(page: MeasuredPage, { targetMm }: LayoutRules): LayoutProblem[] {
  return page.targets.flatMap((target): LayoutProblem[] => {
    const mm = Math.min(widthOf(target), heightOf(target)) / page.pxPerMm;
    const small: LayoutProblem[] = mm < targetMm - slackMm ? [{ rule: 'small_target', what: target.name, mm }] : [];
    const cut = !target.inScroll && !contains(page.page, target);
    return cut ? [...small, { rule: 'outside_page', what: target.name }] : small;
  });
}

function findGapProblems(page: MeasuredPage, { gapMm }: LayoutRules): LayoutProblem[] {
  const seen = page.targets.flatMap((target) => (target.visible ? [{ name: target.name, box: target.visible }] : []));
  return seen.flatMap((one, index) =>
    seen.slice(index + 1).flatMap((other): LayoutProblem[] => {
      const mm = distance(one.box, other.box) / page.pxPerMm;
      const what = `${one.name} | ${other.name}`;
      if (mm < 0) return [{ rule: 'overlap', what, mm }];
      return mm < gapMm - slackMm ? [{ rule: 'narrow_gap', what, mm }] : [];
    }),
  );
}

function findTextProblems(page: MeasuredPage, { capMm }: LayoutRules): LayoutProblem[] {
  return page.texts.flatMap((text): LayoutProblem[] => {
    const small: LayoutProblem[] = text.capMm < capMm - slackMm ? [{ rule: 'small_text', what: text.name, mm: text.capMm }] : [];
    const clipped = (text.clippedBy && !contains(text.clippedBy, text.box)) || !containsSideways(page.page, text.box);
    return clipped ? [...small, { rule: 'clipped_text', what: text.name }] : small;
  });
}

function findScrollProblems(page: MeasuredPage, { mayScroll }: LayoutRules): LayoutProblem[] {
  return page.scrolls.flatMap((scroll): LayoutProblem[] => {
    if (!scroll.needs) return [];
    if (!mayScroll && !scroll.reading) return [{ rule: 'scrolls', what: 'main' }];
    return scroll.hasButtons ? [] : [{ rule: 'no_scroll_buttons', what: 'main' }];
  });
}

function widthOf(box: Box): number {
  return box.right - box.left;
}

function heightOf(box: Box): number {
  return box.bottom - box.top;
}

function contains(outer: Box, inner: Box): boolean {
  return containsSideways(outer, inner) && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
}

function containsSideways(outer: Box, inner: Box): boolean {
  return inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
}

/** Between two boxes along the axis on which they are apart; negative when they overlap. */
export function distance(one: Box, other: Box): number {
  const across = Math.max(other.left - one.right, one.left - other.right);
  const down = Math.max(other.top - one.bottom, one.top - other.bottom);
  return Math.max(across, down);
}
