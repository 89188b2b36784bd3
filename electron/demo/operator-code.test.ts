import { expect, it } from 'vitest';
import { operatorCodeAt } from './operator-code.ts';

it('shows what an authenticator shows (RFC 6238, appendix B), and for how long', () => {
  expect(operatorCodeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', new Date(59_000))).toEqual({ code: '287082', seconds: 1 });
});
