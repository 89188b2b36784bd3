import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { type LogReport, type ProveOptions, proveLog } from './evidence/prove-log.ts';
import { publicHalf } from './keys/keys-file.ts';
import { readKeysFile } from './keys/read-keys-file.ts';
import { type Database, DatabaseUnavailable } from './store/database.ts';
import { openDatabase } from './store/open-database.ts';
import { findKeys } from './terminals/terminals.ts';

const usage = `node middleware/prove-log.ts --config FILE.json [--anchor SEQUENCE:HASH] [--json]

Walks all that was received and verifies it: each record's hash, each receipt's root and signature, the chain of receipts,
each delivery's signature, each queue, each stated loss. --anchor: a head that an earlier run printed. Exit code 1: a break.
`;

/** What a person can mend: one sentence, exit code 2. */
function giveUp(sentence: string): never {
  process.stderr.write(`${sentence.trimEnd()}\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({ options: { config: { type: 'string' }, anchor: { type: 'string' }, json: { type: 'boolean' } } }).values;
  } catch {
    return giveUp(usage);
  }
}

function readAnchor(text: string | undefined): Pick<ProveOptions, 'anchor'> {
  if (text === undefined) return {};
  const [, sequence, receiptSha256] = /^([1-9]\d{0,14}):([\w-]{43})$/.exec(text) ?? [];
  return sequence === undefined || receiptSha256 === undefined ? giveUp(usage) : { anchor: { sequence: Number(sequence), receiptSha256 } };
}

/** Every key that a terminal had, by a hash: certificates are never deleted. */
function terminalKeysIn(database: Database): ProveOptions['isTerminalKey'] {
  const known = new Map<string, Promise<Set<string>>>();
  const nameOf = (spki: Uint8Array) => createHash('sha256').update(spki).digest('base64url');
  const read = async (terminal: string) => {
    const keys = await findKeys(database, terminal, new Date());
    return new Set(keys.map(({ publicKey }) => nameOf(publicKey.export({ format: 'der', type: 'spki' }))));
  };
  return async (terminal, spki) => {
    const keys = known.get(terminal) ?? read(terminal);
    known.set(terminal, keys);
    return (await keys).has(nameOf(spki));
  };
}

function describe(report: LogReport): string {
  const lines = [
    `${report.deliveries} deliveries with ${report.records} records, ${report.losses} stated losses, ${report.cases} cases.`,
    'Of each record the hash; of each delivery the receipt’s root and signature, its place in the log and the terminal’s signature.',
    ...report.stillMissing.map(({ terminal, generation, from }) => `Still to come: queue ${terminal} ${generation}, from ${from}.`),
    ...report.breaks.map(({ where, what }) => `BROKEN: ${where}: ${what}.`),
    report.breaks.length === 0 ? 'Nothing was changed, left out or moved.' : `${report.breaks.length} breaks.`,
    ...(report.head.receiptSha256 === null
      ? []
      : [`Head of the log, to be written down elsewhere: ${report.head.sequence}:${report.head.receiptSha256}`]),
  ];
  return `${lines.join('\n')}\n`;
}

const values = readArguments();
if (values.config === undefined) giveUp(usage);
const anchor = readAnchor(values.anchor);
const config = await readConfig(values.config);
if (!config.ok) giveUp(config.error);
const keysFile = await readKeysFile(config.value.keys);
if (!keysFile.ok) giveUp(keysFile.error);
const url = process.env.DATABASE_URL ?? '';
const { dataDir } = config.value;
if (url === '' && dataDir === undefined)
  giveUp('Without dataDir or DATABASE_URL the database lives in the memory of the running instance, and nothing else can reach it.');
try {
  const database = await openDatabase(url === '' ? { folder: dataDir ?? '' } : { url });
  const receiptKeys = new Map<string, KeyObject>(
    // All that there ever were: terminals are told of the newest only, and the log goes back to the beginning.
    keysFile.value.receipt.map(({ id, privateJwk }) => [id, createPublicKey({ key: publicHalf(privateJwk), format: 'jwk' })]),
  );
  try {
    const report = await database.transaction(async (queries) => {
      await queries.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return await proveLog(queries, { receiptKeys, isTerminalKey: terminalKeysIn({ ...database, ...queries }), ...anchor });
    });
    process.stdout.write(values.json === true ? `${JSON.stringify(report)}\n` : describe(report));
    process.exitCode = report.breaks.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
} catch (error) {
  if (error instanceof DatabaseUnavailable) giveUp(`The database cannot be used: ${error.message}.`);
  throw error;
}
