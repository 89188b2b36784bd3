import type { KeyObject } from 'node:crypto';
import { BundleManifest, bundleLimits, bundleType } from '../../../contract/bundle.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import { readSigned } from '../keys/signed.ts';

/** A manifest counts when a bundle key of the key set signed it. */
export function readManifest(jws: string, keys: ReadonlyMap<string, KeyObject>): Result<BundleManifest, 'bad_signature' | 'bad_manifest'> {
  const signed = readSigned(jws, { type: bundleType, keys });
  if (!signed.ok) return refuse('bad_signature');
  const read = BundleManifest.safeParse(signed.value);
  if (!read.success) return refuse('bad_manifest');
  const { files } = read.data;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const names = new Set(files.map(({ name }) => name));
  return bytes <= bundleLimits.bytes && names.size === files.length ? ok(read.data) : refuse('bad_manifest');
}
