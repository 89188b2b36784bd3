import { readFile } from 'node:fs/promises';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { KeysFile } from './keys-file.ts';

/** @param setting path of the file, or what stands in it */
export async function readKeysFile(setting: string | KeysFile): Promise<Result<KeysFile, string>> {
  if (typeof setting !== 'string') return ok(setting);
  try {
    return ok(KeysFile.parse(JSON.parse(await readFile(setting, 'utf8'))));
  } catch {
    return refuse('The file named in the configuration under keys is not there, or is not a file of keys.');
  }
}
