import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { App } from './app.ts';
import { Refusal } from './problem.ts';

const require = createRequire(import.meta.url);

/** The pages' few files. Read when asked for: they are small and seldom asked. */
const assets: Record<string, { type: string; path: () => string | URL }> = {
  'pages.css': { type: 'text/css; charset=utf-8', path: () => new URL('../pages.css', import.meta.url) },
  'operator.js': { type: 'text/javascript; charset=utf-8', path: () => new URL('../operator/operator.js', import.meta.url) },
  'exports.js': { type: 'text/javascript; charset=utf-8', path: () => new URL('../operator/exports.js', import.meta.url) },
  'atkinson-hyperlegible-next.woff2': {
    type: 'font/woff2',
    path: () => require.resolve('@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2'),
  },
};

export function addAssets(app: App): void {
  for (const [name, asset] of Object.entries(assets)) {
    app.get(`/assets/${name}`, async (_request, reply) => {
      let content: Buffer;
      try {
        content = await readFile(asset.path());
      } catch {
        // The font is a package of its own; without it the pages fall back to the system's.
        throw new Refusal('notFound', 404);
      }
      return reply.type(asset.type).header('cache-control', 'public, max-age=3600').send(content);
    });
  }
}
