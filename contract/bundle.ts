import * as z from 'zod';
import { Hash } from './ids.ts';

/** What comes down: catalogue, form definitions, texts. Each file by its content, all of them together signed. */
export const bundleLimits = { files: 2_000, fileBytes: 1024 * 1024, bytes: 64 * 1024 * 1024 } as const;

export const BundleFile = z.object({
  /** `forms/change-of-address.json`: small letters, no way out of its folder. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)*\.json$/)
    .max(200),
  sha256: Hash,
  bytes: z.int().nonnegative().max(bundleLimits.fileBytes),
});

/** Payload of a compact JWS with `typ` `loket-bundle`, by a bundle key of the key set. */
export const BundleManifest = z.object({
  /** Rises by each bundle; an older one is never put in place of a newer. */
  serial: z.int().positive(),
  madeAt: z.iso.datetime(),
  files: z.array(BundleFile).max(bundleLimits.files),
});
export type BundleManifest = z.infer<typeof BundleManifest>;
export const bundleType = 'loket-bundle';

/** `GET /v1/changes?cursor=…`. The cursor is the middleware's own word: kept and given back, never read. */
export const Changes = z.object({
  cursor: z.string().min(1).max(200),
  /** Compact JWS over `BundleManifest`; null: nothing newer than the cursor. */
  manifest: z.string().max(1_000_000).nullable(),
});
export type Changes = z.infer<typeof Changes>;
