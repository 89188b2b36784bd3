import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const scripts = join(import.meta.dirname, '../testing');

/** A disk that only the child sees: a tmpfs in a mount namespace of its own, which needs no rights. Linux only. */
function runOnDisk(options: string, script: string): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'loket-full-'));
  try {
    const run = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" "$3" "$1"`;
    const words = ['--user', '--map-root-user', '--mount', 'sh', '-c', run, 'sh', folder, process.execPath, join(scripts, script)];
    return JSON.parse(execFileSync('unshare', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.runIf(process.platform === 'linux')('a disk', () => {
  it('that is full refuses before anything is promised, loses nothing, drains, and recovers', () => {
    const result = runOnDisk('size=17m', 'keep-until-full.ts');
    const kept = Number(result.kept);
    expect(kept).toBeGreaterThan(10);
    expect(result).toMatchObject({
      ballast: 8 * 1024 * 1024,
      refusal: 'disk_full',
      waitingWhenFull: kept,
      probeWhenFull: { ok: false, error: 'disk_full' },
      waitingAfterDrain: kept - Math.floor(kept / 2),
      probeAfterRoom: { ok: true },
      afterRoom: true,
      left: 0,
      recovered: true,
      losses: 0,
    });
  });

  it('without room for another file keeps on, and starts anew', () => {
    expect(runOnDisk('size=20m,nr_inodes=40', 'keep-without-inodes.ts')).toEqual({ kept: true, started: true, waiting: 2, losses: 0 });
  });

  it('that lets nothing be written refuses to start, changes nothing, and is used again when it does', () => {
    expect(runOnDisk('size=20m', 'start-read-only.ts')).toEqual({ refused: true, same: true, waiting: 2, losses: 0 });
  });
});
