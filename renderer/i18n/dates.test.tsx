import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../contract/language.ts';
import { type DateWords, useDates } from './dates.ts';
import { Words } from './words.tsx';

function datesIn(language: Language): DateWords {
  const wrapper = ({ children }: { children: ReactNode }) => <Words language={language}>{children}</Words>;
  return renderHook(() => useDates(), { wrapper }).result.current;
}

const march = { year: 1993, month: 3, day: 14, original: '14 MAAR 1993' };

describe('dates and times', () => {
  it('are those of Brussels, in winter and in summer', () => {
    expect(datesIn('nl').time('2026-11-20T13:32:00Z')).toBe('14.32 uur');
    expect(datesIn('nl').time('2026-07-01T07:05:00Z')).toBe('9.05 uur');
    expect(datesIn('nl').time('2026-11-20T23:07:00Z')).toBe('0.07 uur');
    expect(datesIn('fr').time('2026-11-20T13:32:00Z')).toBe('14\u00a0h\u00a032');
    expect(datesIn('de').time('2026-07-01T07:05:00Z')).toBe('9.05 Uhr');
    expect(datesIn('en').time('2026-07-01T07:05:00Z')).toBe('9:05');
  });

  it('name the day of a ticket', () => {
    expect(datesIn('nl').dayTime('2026-11-20T23:32:00Z')).toBe('21 november, 0.32 uur');
  });

  it('say a chosen day in full, and leave what is no day as it was typed', () => {
    expect(datesIn('nl').day('2026-12-01')).toBe('dinsdag 1 december 2026');
    expect(datesIn('fr').day('2026-12-01')).toBe('mardi 1 décembre 2026');
    expect(datesIn('de').day('2026-12-01')).toBe('Dienstag, 1. Dezember 2026');
    expect(datesIn('en').day('2026-12-01')).toBe('Tuesday, 1 December 2026');
    expect(datesIn('nl').day('2026-11-31')).toBe('2026-11-31');
    expect(datesIn('nl').day('straks')).toBe('straks');
    expect(datesIn('nl').date('2031-03-13')).toBe('13 maart 2031');
    expect(datesIn('fr').date('2031-02-30')).toBe('2031-02-30');
  });

  it('make up no day that the card does not know', () => {
    expect(datesIn('nl').partial(march)).toBe('14 maart 1993');
    expect(datesIn('fr').partial({ ...march, day: null })).toBe('mars 1993');
    expect(datesIn('nl').partial({ ...march, month: null, day: null })).toBe('1993');
    expect(datesIn('nl').partial({ year: null, month: null, day: null, original: '00 ??? 0000' })).toBe('00 ??? 0000');
    expect(datesIn('nl').partial({ ...march, month: 2, day: 30, original: '30 FEB 1993' })).toBe('30 FEB 1993');
  });
});
