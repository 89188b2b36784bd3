import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Result } from '../contract/result.ts';
import { AdminCommand, runCommand } from './admin/commands.ts';
import { askRunningInstance, socketPathIn } from './admin/socket.ts';
import { type MiddlewareConfig, readConfig } from './config.ts';
import { type Rotated, rotated, rotateKeys } from './keys/rotate.ts';
import { loadKeys } from './load-keys.ts';
import { DatabaseUnavailable } from './store/database.ts';
import { openDatabase } from './store/open-database.ts';

const usage = `node middleware/admin.ts --config FILE.json COMMAND

  enrol TERMINAL --name "KIOSK 1"        a one-time code, good for 24 hours
  revoke TERMINAL                        it delivers into quarantine and gets nothing else
  operator add NAME --role ROLE          viewer, operator or admin; prints a first password
  operator reset NAME                    a new first password
  keys rotate [seal|receipt|bundle] [--key-set-key FILE.json]
                                         new keys, of one kind or of all; used from a day later, by every instance
  bundle publish FOLDER                  forms, catalogue and texts for the terminals
  backup-starts                          before a backup of the database is begun; prints its number
  backed-up NUMBER                       after that backup ended well and lies elsewhere
  restored                               after a backup was put back: terminals send again what they still have
`;

/** What a person can mend: one sentence, exit code 2. */
function giveUp(sentence: string): never {
  process.stderr.write(`${sentence.trimEnd()}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    const options = {
      config: { type: 'string' },
      name: { type: 'string' },
      role: { type: 'string' },
      'key-set-key': { type: 'string' },
    } as const;
    return parseArgs({ options, allowPositionals: true });
  } catch {
    return giveUp(usage);
  }
}

const { values, positionals } = readArguments();
const [first, second, third] = positionals;

function readCommand(): AdminCommand | 'keys-rotate' {
  if (first === 'keys' && second === 'rotate') return 'keys-rotate';
  const given: Record<string, object> = {
    enrol: { command: 'enrol', terminal: second, name: values.name },
    revoke: { command: 'revoke', terminal: second },
    operator: { command: `operator-${second}`, name: third, role: values.role },
    bundle: { command: `bundle-${second}`, folder: third === undefined ? undefined : resolve(third) },
    'backup-starts': { command: first },
    'backed-up': { command: first, backup: second },
    restored: { command: first },
  };
  const read = AdminCommand.safeParse(given[first ?? '']);
  return read.success ? read.data : giveUp(usage);
}

/** Without a kind: all of them. */
function readKinds(word: string | undefined): readonly Rotated[] {
  if (word === undefined) return rotated;
  const kind = rotated.find((each) => each === word);
  return kind === undefined ? giveUp(usage) : [kind];
}

async function rotate({ keys }: MiddlewareConfig): Promise<Result<string, string>> {
  const kinds = readKinds(third);
  if (typeof keys !== 'string')
    return giveUp('The keys stand in the configuration itself: put them in a file of their own, named under keys.');
  const done = await rotateKeys(keys, values['key-set-key'] ?? null, new Date(), kinds);
  if (!done.ok) return done;
  const { ids, from } = done.value;
  const list = Object.values(ids).join(', ');
  return {
    ok: true,
    value: `New: ${list}. Used from ${from.toISOString()}; running instances read the file by themselves within a minute.`,
  };
}

async function run(config: MiddlewareConfig, command: AdminCommand): Promise<Result<string, string>> {
  const keys = await loadKeys(config);
  if (!keys.ok) return keys;
  const url = process.env.DATABASE_URL ?? '';
  const { dataDir } = config;
  if (url === '' && dataDir === undefined)
    return giveUp(
      'Without dataDir or DATABASE_URL the database lives in the memory of the running instance, and nothing else can reach it.',
    );
  if (url === '' && dataDir !== undefined) {
    const path = socketPathIn(dataDir);
    const answer = path === null ? null : await askRunningInstance(path, command);
    if (answer !== null) return answer;
  }
  const database = await openDatabase(url === '' ? { folder: dataDir ?? '' } : { url });
  try {
    return await runCommand({ database, keys: keys.value, now: () => new Date() }, command);
  } finally {
    await database.close();
  }
}

if (values.config === undefined) giveUp(usage);
const command = readCommand();
const config = await readConfig(values.config);
if (!config.ok) giveUp(config.error);
try {
  const result = command === 'keys-rotate' ? await rotate(config.value) : await run(config.value, command);
  if (!result.ok) giveUp(result.error);
  process.stdout.write(`${result.value}\n`);
} catch (error) {
  if (error instanceof DatabaseUnavailable) giveUp(`The database cannot be used: ${error.message}.`);
  throw error;
}
