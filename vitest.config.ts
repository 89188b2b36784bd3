import { defineConfig } from 'vitest/config';

const dom = ['renderer/**/*.test.tsx'];

/**
 * `units`: beside their sources, in Node. `screens`: components in a simulated page. `proofs`: what takes too long for each
 * `npm test`. `journeys`: stories through the real app, one after the other, because each has the machine's screen and card
 * to itself.
 */
export default defineConfig({
  test: {
    reporters: process.env.LOKET_TEST_REPORT ? ['tree', ['json', { outputFile: process.env.LOKET_TEST_REPORT }]] : ['tree'],
    projects: [
      {
        define: { __LOKET_BUILD__: JSON.stringify('demo') },
        test: {
          name: 'units',
          environment: 'node',
          include: ['{contract,native,electron,middleware,renderer,build,test}/**/*.test.ts'],
          exclude: ['test/journeys/**'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        define: { __LOKET_BUILD__: JSON.stringify('demo') },
        test: { name: 'screens', environment: 'jsdom', include: dom, testTimeout: 30_000 },
      },
      {
        define: { __LOKET_BUILD__: JSON.stringify('demo') },
        test: { name: 'proofs', environment: 'node', include: ['test/**/*.proof.ts'], fileParallelism: false },
      },
      {
        test: {
          name: 'journeys',
          environment: 'node',
          include: ['test/journeys/**/*.test.ts'],
          fileParallelism: false,
          // What another process does with it comes when it comes.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
