import { parseArgs } from 'node:util';
import { type AdminParts, runCommand } from './admin/commands.ts';
import { listenForCommands, socketPathIn } from './admin/socket.ts';
import { type MiddlewareConfig, readConfig } from './config.ts';
import { loadKeys } from './load-keys.ts';
import { ConfigurationRefused } from './prepare-database.ts';
import { type Middleware, startMiddleware } from './server.ts';
import { type Database, DatabaseUnavailable } from './store/database.ts';
import { type DatabasePlace, openDatabase } from './store/open-database.ts';

/** What a person can mend: one sentence, exit code 2. Anything else is our mistake and shows its stack. */
function giveUp(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

function placeOf(config: MiddlewareConfig, url: string | undefined): DatabasePlace {
  if (url !== undefined && url !== '') return { url };
  return config.dataDir === undefined ? 'memory' : { folder: config.dataDir };
}

/** With PostgreSQL, admin.ts goes there itself; in memory there is nothing to administer. */
async function listenInFolder(place: DatabasePlace, parts: AdminParts): Promise<{ close(): Promise<void> } | null> {
  const path = typeof place === 'object' && 'folder' in place ? socketPathIn(place.folder) : null;
  return path === null ? null : await listenForCommands(path, (command) => runCommand(parts, command));
}

async function readArguments(): Promise<MiddlewareConfig> {
  let path: string | undefined;
  try {
    path = parseArgs({ options: { config: { type: 'string' } } }).values.config;
  } catch {
    path = undefined;
  }
  if (path === undefined) giveUp('Start the middleware with --config FILE.json; middleware/README.md says what stands in it.');
  const config = await readConfig(path);
  return config.ok ? config.value : giveUp(config.error);
}

function sentenceFor(error: unknown, config: MiddlewareConfig): string | null {
  if (error instanceof ConfigurationRefused) return error.message;
  if (error instanceof DatabaseUnavailable) return `The database cannot be used: ${error.message}.`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE')
    return `Port ${config.port} of ${config.host} is in use: stop the other program, or choose another port in the configuration.`;
  if (code === 'EACCES') return `Port ${config.port} may not be used by this user: choose one above 1023 in the configuration.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${config.host}: change the host in the configuration.`;
  return null;
}

const config = await readArguments();
const loaded = await loadKeys(config);
const keys = loaded.ok ? loaded.value : giveUp(loaded.error);
let database: Database | null = null;
let middleware: Middleware;
let commands: { close(): Promise<void> } | null = null;
try {
  const place = placeOf(config, process.env.DATABASE_URL);
  database = await openDatabase(place);
  middleware = await startMiddleware(config, keys, { database });
  commands = await listenInFolder(place, { database, keys, now: () => new Date() });
} catch (error) {
  await database?.close().catch(() => undefined);
  const sentence = sentenceFor(error, config);
  if (sentence === null) throw error;
  giveUp(sentence);
}
const opened = database;

let stopping = false;
function stop(): void {
  // Asked twice means: now. Nothing is lost by it: what was answered is committed.
  if (stopping) process.exit(1);
  stopping = true;
  const closing = commands?.close() ?? Promise.resolve();
  closing
    .then(() => middleware.close())
    .then(() => opened.close())
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.stdout.write(`listening ${middleware.url}\n`);
if (middleware.demoOperator !== null)
  process.stdout.write(`operator ${middleware.demoOperator.name} ${middleware.demoOperator.password}\n`);
