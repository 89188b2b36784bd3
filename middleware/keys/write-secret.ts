import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whole or not at all, on disk when it resolves, readable by this user alone: a half-written key would be worse than none. */
export async function writeSecret(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

/** Windows lets nobody open a folder; there the rename is on disk by itself. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
