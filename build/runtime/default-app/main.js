import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

/**
 * Stands in for Electron's own default app, which the test runtime lacks: `electron FOLDER` runs the app in FOLDER.
 * It awaits the app at its top level, because Electron delays `ready` for that alone: an import that nobody waits for
 * could let `ready` pass before the app listens.
 */
const folder = process.argv.slice(1).find((word) => !word.startsWith('-') && isFolder(word));
if (folder === undefined) {
  process.stderr.write('Name the folder of an app: electron FOLDER\n');
  app.exit(1);
} else {
  const path = resolve(folder);
  const about = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  app.setName(about.productName ?? about.name ?? 'electron');
  if (typeof about.version === 'string') app.setVersion(about.version);
  app.setAppPath(path);
  const main = createRequire(join(path, 'package.json')).resolve(resolve(path, about.main ?? 'index.js'));
  await import(pathToFileURL(main).href);
}

function isFolder(word) {
  try {
    return statSync(resolve(word, 'package.json')).isFile();
  } catch {
    return false;
  }
}
