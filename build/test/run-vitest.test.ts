import { expect, test } from 'vitest';
import { countsOf } from './run-vitest.ts';

const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, numFailedTestSuites: 0, success: true };

test('what vitest counted', () => {
  expect(countsOf(JSON.stringify(report), 0)).toEqual({ passed: 7, failed: 0, skipped: 2 });
  expect(countsOf(JSON.stringify({ ...report, numFailedTests: 3, success: false }), 1)).toEqual({ passed: 7, failed: 3, skipped: 2 });
});

test('a run that went wrong without a failed test still failed', () => {
  expect(countsOf(JSON.stringify({ ...report, success: false }), 0).failed).toBe(1);
  expect(countsOf(JSON.stringify(report), 1).failed).toBe(1);
  expect(countsOf(JSON.stringify(report), null).failed).toBe(1);
});

test('no report, or one that cannot be understood, is a failure', () => {
  expect(countsOf(null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(countsOf('{}', 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
