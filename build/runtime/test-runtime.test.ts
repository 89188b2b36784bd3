import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkIntegrity } from './test-runtime.ts';

test('an archive that is not the one named is refused before it is unpacked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loket-runtime-'));
  const archive = join(folder, 'archive.tgz');
  await writeFile(archive, 'something else');
  await expect(checkIntegrity(archive)).rejects.toThrow('SHA-512 differs');
  const known = `sha512-${createHash('sha512').update('something else').digest('base64')}`;
  await expect(checkIntegrity(archive, known)).resolves.toBeUndefined();
  await rm(folder, { recursive: true });
});
