import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { BundleFile, bundleLimits } from '../../contract/bundle.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';

export type FolderFile = { name: string; sha256: string; content: Buffer };

/** Every file of the folder, by name. The refusal is a sentence that names the file that does not belong in a bundle. */
export async function readBundleFolder(folder: string): Promise<Result<FolderFile[], string>> {
  let paths: string[];
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    paths = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length));
  } catch {
    return refuse(`The folder ${folder} cannot be read.`);
  }
  if (paths.length === 0) return refuse(`The folder ${folder} is empty.`);
  if (paths.length > bundleLimits.files) return refuse(`The folder ${folder} holds more than ${bundleLimits.files} files.`);
  const files: FolderFile[] = [];
  let bytes = 0;
  for (const path of paths.toSorted()) {
    const read = await readOne(folder, path);
    if (!read.ok) return read;
    bytes += read.value.content.length;
    if (bytes > bundleLimits.bytes) return refuse(`The folder ${folder} holds more than ${bundleLimits.bytes} bytes.`);
    files.push(read.value);
  }
  return ok(files);
}

async function readOne(folder: string, path: string): Promise<Result<FolderFile, string>> {
  const name = path.split(sep).join('/');
  const content = await readFile(join(folder, path));
  const sha256 = createHash('sha256').update(content).digest('base64url');
  if (!BundleFile.safeParse({ name, sha256, bytes: content.length }).success)
    return refuse(
      `The file ${name} does not belong in a bundle: a name in small letters that ends in .json, at most ${bundleLimits.fileBytes} bytes.`,
    );
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    return refuse(`The file ${name} is not JSON.`);
  }
  return ok({ name, sha256, content });
}
