import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const script = join(import.meta.dirname, '../testing/keep-until-full.ts');

/** A disk of 1 MiB that only the child sees: a tmpfs in a mount namespace of its own, which needs no rights. Linux only. */
it.runIf(process.platform === 'linux')('a full disk refuses before anything is promised, loses nothing, and recovers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loket-full-'));
  try {
    const run = 'mount -t tmpfs -o size=1m tmpfs "$1" && exec "$2" "$3" "$1"';
    const out = execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', run, 'sh', folder, process.execPath, script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const result = JSON.parse(out);
    expect(result).toMatchObject({
      refusal: 'disk_full',
      probeWhenFull: { ok: false, error: 'disk_full' },
      probeAfterRoom: { ok: true },
      afterRoom: true,
      dense: true,
    });
    expect(result.kept).toBeGreaterThan(10);
    expect(result.waitingWhenFull).toBe(result.kept);
    expect(result.waiting).toBe(result.kept + 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
