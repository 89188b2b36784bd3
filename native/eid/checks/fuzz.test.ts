import { expect, test } from 'vitest';
import { fuzzCardFiles } from './fuzz.ts';

test('hostile bytes are read to their end and no further, and refused', async () => {
  const report = await fuzzCardFiles({ inputs: 3000, seed: 20261121 });
  expect(report).toMatchObject({ inputs: 3000, crashes: 0, counterexample: null });
});
