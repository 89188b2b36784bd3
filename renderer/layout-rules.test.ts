import { describe, expect, it } from 'vitest';
import { type Box, distance, findLayoutProblems, type MeasuredPage, type MeasuredTarget, rulesForText } from './layout-rules.ts';

const page: Box = { left: 0, top: 0, right: 1080, bottom: 1920 };
const feet: Box = { left: 0, top: 1700, right: 1080, bottom: 1920 };

function box(left: number, top: number, width: number, height: number): Box {
  return { left, top, right: left + width, bottom: top + height };
}

function target(name: string, at: Box, more: Partial<MeasuredTarget> = {}): MeasuredTarget {
  return { ...at, name, visible: at, inScroll: false, ...more };
}

function measured(more: Partial<MeasuredPage>): MeasuredPage {
  return { pxPerMm: 4, page, scrollWidth: 1080, clientWidth: 1080, targets: [], texts: [], scrolls: [], feet, ...more };
}

function problemsOf(more: Partial<MeasuredPage>, text: 1 | 2 | 3 | 4 = 2): string[] {
  return findLayoutProblems(measured(more), rulesForText[text]).map(({ rule, what }) => `${rule}: ${what}`);
}

describe('the rules of the glass', () => {
  it('are silent about a good page', () => {
    const targets = [target('Terug', box(48, 1720, 300, 112)), target('Verder', box(360, 1720, 660, 112))];
    const texts = [{ name: 'Terug', box: box(100, 1750, 100, 40), clippedBy: box(48, 1720, 300, 112), capMm: 5.5 }];
    expect(problemsOf({ targets, texts, scrolls: [{ needs: false, hasButtons: false, reading: false }] })).toEqual([]);
  });

  it('see a target that is too small: 12.7 mm at 4 px/mm is 50.8 px', () => {
    expect(problemsOf({ targets: [target('klein', box(0, 0, 50, 200))] })).toEqual(['small_target: klein']);
    expect(problemsOf({ targets: [target('net', box(0, 0, 50.8, 200))] })).toEqual([]);
  });

  it('see two targets that are too near, or on top of each other', () => {
    const left = target('a', box(0, 0, 100, 100));
    expect(problemsOf({ targets: [left, target('b', box(108, 0, 100, 100))] })).toEqual(['narrow_gap: a | b']);
    expect(problemsOf({ targets: [left, target('b', box(110.2, 0, 100, 100))] })).toEqual([]);
    expect(problemsOf({ targets: [left, target('b', box(90, 90, 100, 100))] })).toEqual(['overlap: a | b']);
  });

  it('measure gaps between what can be seen, not what is scrolled away', () => {
    const hidden = target('weg', box(0, 90, 100, 100), { visible: null, inScroll: true });
    expect(problemsOf({ targets: [target('a', box(0, 0, 100, 100)), hidden] })).toEqual([]);
  });

  it('see what leaves the page: sideways, below, and feet that are gone', () => {
    expect(problemsOf({ scrollWidth: 1100 })).toEqual(['sideways: document']);
    expect(problemsOf({ targets: [target('onder', box(0, 1850, 200, 100))] })).toEqual(['outside_page: onder']);
    expect(problemsOf({ targets: [target('in de rol', box(0, 1850, 200, 100), { inScroll: true })] })).toEqual([]);
    expect(problemsOf({ feet: null })).toEqual(['no_feet: feet']);
    expect(problemsOf({ feet: { ...feet, bottom: 1960 } })).toEqual(['no_feet: feet']);
  });

  it('see text that is clipped by its button, runs off the page, or is too small for its size', () => {
    const button = box(0, 0, 100, 50);
    expect(problemsOf({ texts: [{ name: 'lang', box: box(10, 10, 120, 20), clippedBy: button, capMm: 5 }] })).toEqual([
      'clipped_text: lang',
    ]);
    expect(problemsOf({ texts: [{ name: 'weg', box: box(1000, 10, 120, 20), clippedBy: null, capMm: 5 }] })).toEqual(['clipped_text: weg']);
    const small = { name: 'mini', box: box(10, 10, 20, 20), clippedBy: null, capMm: 4.7 };
    expect(problemsOf({ texts: [small] })).toEqual(['small_text: mini']);
    expect(problemsOf({ texts: [small] }, 1)).toEqual([]);
    expect(problemsOf({ texts: [small] }, 3)).toEqual(['small_text: mini']);
  });

  it('let sizes 3 and 4 scroll, with buttons, and 1 and 2 not at all', () => {
    const scrolls = [{ needs: true, hasButtons: true, reading: false }];
    expect(problemsOf({ scrolls }, 1)).toEqual(['scrolls: main']);
    expect(problemsOf({ scrolls }, 4)).toEqual([]);
    const document = { needs: true, hasButtons: true, reading: true };
    expect(problemsOf({ scrolls: [document] }, 1)).toEqual([]);
    expect(problemsOf({ scrolls: [{ ...document, hasButtons: false }] }, 1)).toEqual(['no_scroll_buttons: main']);
    expect(problemsOf({ scrolls: [{ needs: true, hasButtons: false, reading: false }] }, 4)).toEqual(['no_scroll_buttons: main']);
  });
});

describe('the distance of two boxes', () => {
  it('is along the axis on which they are apart', () => {
    expect(distance(box(0, 0, 10, 10), box(25, 3, 10, 10))).toBe(15);
    expect(distance(box(0, 0, 10, 10), box(3, 18, 10, 10))).toBe(8);
    expect(distance(box(0, 0, 10, 10), box(5, 5, 10, 10))).toBe(-5);
  });
});
