import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { makeContent, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';

/** A disk that cannot read what lies at one place of the head file any more. */
const sick = vi.hoisted(() => ({ length: -1 }));
vi.mock(import('node:fs'), async (importOriginal) => {
  const real = await importOriginal();
  const readSync = ((descriptor: number, bytes: Buffer, offset: number, length: number, at: number) => {
    if (length === sick.length) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    return real.readSync(descriptor, bytes, offset, length, at);
  }) as typeof real.readSync;
  return { ...real, readSync };
});

const folder = mkdtempSync(join(tmpdir(), 'loket-sector-'));
afterEach(() => {
  sick.length = -1;
  rmSync(folder, { recursive: true, force: true });
});

it('a head file that cannot be read is one that is gone: the queue beside it is whole, and goes on', () => {
  const identity = makeSigner();
  const before = openTestOutbox(folder, { identity });
  before.keep(makeContent(1), {});
  before.close();
  const slotBytes = 8192;
  sick.length = slotBytes;
  const outbox = openTestOutbox(folder, { identity });
  expect(outbox.keep(makeContent(2), {}).ok).toBe(true);
  expect(outbox.head().sequence).toBe(2);
  outbox.finishChecks();
  expect(outbox.losses()).toEqual([]);
  outbox.close();
});
