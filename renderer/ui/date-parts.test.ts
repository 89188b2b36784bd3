import { describe, expect, it } from 'vitest';
import { joinDateParts, splitDateParts, toIsoDate } from './date-parts.ts';

describe('the three boxes of a date', () => {
  it('hold what is typed, as it is typed', () => {
    for (const typed of [
      { day: '1', month: '2', year: '2026' },
      { day: '31', month: '', year: '' },
      { day: '', month: '', year: '20' },
    ]) {
      expect(splitDateParts(joinDateParts(typed))).toEqual(typed);
    }
  });

  it('are empty together', () => {
    expect(joinDateParts({ day: '', month: '', year: '' })).toBe('');
    expect(toIsoDate('')).toBe('');
  });

  it('become an ISO date', () => {
    expect(toIsoDate('2026-1-5')).toBe('2026-01-05');
    expect(toIsoDate('2026-12-01')).toBe('2026-12-01');
  });

  it('stay wrong when they are: nothing is guessed', () => {
    expect(toIsoDate('2026-11-31')).toBe('2026-11-31');
    expect(toIsoDate('26-1-5')).toBe('26-01-05');
    expect(toIsoDate('--5')).toBe('--05');
  });
});
