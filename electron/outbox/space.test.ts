import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createSpace } from './space.ts';

it('ballast that a kill cut short is made whole again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loket-space-'));
  try {
    writeFileSync(join(folder, 'outbox.ballast-1'), 'cut');
    createSpace({ folder, reserveMebibytes: 0 }).restore();
    const sizes = [1, 2].map((piece) => statSync(join(folder, `outbox.ballast-${piece}`)).size);
    expect(sizes).toEqual([4 * 1024 * 1024, 4 * 1024 * 1024]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
