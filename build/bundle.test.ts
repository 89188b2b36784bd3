import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bundleRenderer } from './bundle.ts';

test('the pages are bundled for production, whatever NODE_ENV the shell has', async () => {
  const draft = mkdtempSync(join(tmpdir(), 'loket-bundle-'));
  onTestFinished(() => rmSync(draft, { recursive: true, force: true }));
  vi.stubEnv('NODE_ENV', 'development');
  onTestFinished(() => void vi.unstubAllEnvs());
  await bundleRenderer('product', draft);
  expect(process.env.NODE_ENV).toBe('development');
  const assets = join(draft, 'renderer/assets');
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(3);
  // React's production build has no such function: the page would stay empty.
  expect(scripts.filter((name) => readFileSync(join(assets, name), 'utf8').includes('jsxDEV'))).toEqual([]);
});
