import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('what is left running outlives whoever started it, and one that is not there harms nobody', async () => {
  const done = join(folder, 'done');
  const slow = `setTimeout(() => require('node:fs').writeFileSync(${JSON.stringify(done)}, ''), 300)`;
  const app = `import { leaveRunning } from ${JSON.stringify(join(import.meta.dirname, 'run-program.ts'))};
    leaveRunning(['/no/such/program']);
    leaveRunning([${JSON.stringify(process.execPath)}, '-e', ${JSON.stringify(slow)}]);
    setImmediate(() => process.exit(0));`;
  const file = join(folder, 'app.mts');
  writeFileSync(file, app);
  expect(spawnSync(process.execPath, [file]).status).toBe(0);
  expect(existsSync(done)).toBe(false);
  await vi.waitFor(() => expect(existsSync(done)).toBe(true), 10_000);
});
