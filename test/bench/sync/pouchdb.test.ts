import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readyPouch } from './pouchdb.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-pouch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ready = () => readyPouch(() => undefined, join(folder, 'pouchdb'), { PATH: folder });

test.skipIf(process.platform === 'win32')(
  'without npm, or without its registry, it is a sentence, and the next run tries again',
  async () => {
    const without = 'PouchDB is fetched with npm, which cannot be started here (spawn npm ENOENT). It comes with Node.';
    expect(await ready()).toBe(without);
    expect(await ready()).toBe(without);
    const npm = async (script: string) => {
      await writeFile(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, 'npm'), 0o755);
    };
    await npm('echo "npm error network no such host"; exit 1');
    expect(await ready()).toBe('PouchDB could not be fetched from the npm registry: npm error network no such host');
    await npm('exit 0');
    expect(await ready()).toBeNull();
    await npm('exit 1');
    expect(await ready()).toBeNull();
  },
);
