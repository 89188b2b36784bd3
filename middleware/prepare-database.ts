import { resolve } from 'node:path';
import { publishBundle } from './bundles/publish.ts';
import { readBundleFolder } from './bundles/read-folder.ts';
import type { MiddlewareConfig } from './config.ts';
import type { LoadedKeys } from './load-keys.ts';
import { kindOf } from './operators/demo-operator.ts';
import type { Database } from './store/database.ts';

/** The configuration cannot be done: the world's condition, told as a sentence. */
export class ConfigurationRefused extends Error {
  override name = 'ConfigurationRefused';
}

/** What the configuration asks of the database, before anybody is answered. */
export async function prepareDatabase(
  { demo, bundleFolder }: Pick<MiddlewareConfig, 'demo' | 'bundleFolder'>,
  { bundleKeys }: Pick<LoadedKeys, 'bundleKeys'>,
  { database, now }: { database: Database; now: () => Date },
): Promise<void> {
  // Anybody could take a code and let a terminal in, and nobody can tell which terminals those are.
  const kind = await kindOf(database);
  if (!demo && kind === 'demo')
    throw new ConfigurationRefused(
      'This database was a demo’s, where anybody could let terminals in: name another one (dataDir or DATABASE_URL), or start it as a demo again.',
    );
  if (demo && kind === 'in_earnest')
    throw new ConfigurationRefused(
      'This database has operators and so may hold people’s data, and a demo lets anybody in: name another one (dataDir or DATABASE_URL), or start it without demo.',
    );
  if (bundleFolder === undefined) return;
  const files = await readBundleFolder(resolve(bundleFolder));
  if (!files.ok) throw new ConfigurationRefused(files.error);
  await publishBundle({ database, keys: bundleKeys, now }, files.value);
}
