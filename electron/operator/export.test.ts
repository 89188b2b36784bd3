import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExportHead, ExportPart } from '../../contract/operator.ts';
import { TransactionBatch } from '../../contract/wire.ts';
import { type Attachments, openAttachments } from '../outbox/attachments/attachments.ts';
import type { OpenOutbox } from '../outbox/open-outbox.ts';
import { makeClock, makeContent, makeReceipt, makeSigner, openTestOutbox } from '../testing/outbox-room.ts';
import { ada } from '../testing/people.ts';
import { type ExportParts, runExport } from './run-export.ts';
import { runProgram } from './run-program.ts';
import { type Carried, writeExport } from './write-export.ts';

let folder: string;
let stick: string;
let outbox: OpenOutbox;
let attachments: Attachments;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loket-export-'));
  stick = mkdtempSync(join(tmpdir(), 'loket-stick-'));
  outbox = openTestOutbox(join(folder, 'outbox'), { identity: makeSigner('kiosk-2') });
  attachments = openAttachments({ folder, reserveMebibytes: 0, stateOf: outbox.stateOf });
  logged = [];
});
afterEach(() => {
  outbox.close();
  for (const each of [folder, stick]) rmSync(each, { recursive: true, force: true });
});

const storage = { exportFolder: '', openPort: null, shutPort: null };
/** A program that writes its name in a file, one line each time, and ends with a code. */
const program = (name: string, code = 0) => [
  process.execPath,
  '-e',
  `require('fs').appendFileSync(${JSON.stringify(join(folder, 'port'))}, '${name} '); process.exit(${code})`,
];
const portUse = () => readFileSync(join(folder, 'port'), 'utf8').trim();

function run(changes: Partial<ExportParts['config']['storage']> = {}, more: Partial<ExportParts> = {}) {
  return runExport({
    config: { terminal: 'kiosk-2', storage: { ...storage, exportFolder: stick, ...changes } },
    outbox,
    attachments,
    chooseFolder: null,
    left: new AbortController().signal,
    stopping: new AbortController().signal,
    clock: makeClock('2026-11-22T10:20:30.456Z'),
    log: (event) => logged.push(event),
    ...more,
  });
}

function keep(count: number): void {
  for (let number = 1; number <= count; number += 1) expect(outbox.keep(makeContent(number), {}).ok).toBe(true);
}

/** All lines of what was written, each as the contract has it. */
function readParts(): ExportPart[] {
  const [name = ''] = readdirSync(stick);
  const [head = '', ...parts] = readFileSync(join(stick, name, 'queue.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(ExportHead.parse(JSON.parse(head))).toMatchObject({ terminal: 'kiosk-2', writtenAt: '2026-11-22T10:20:30.456Z' });
  return parts.map((part) => ExportPart.parse(JSON.parse(part)));
}
const deliveries = (parts: ExportPart[]) => parts.flatMap((part) => (part.part === 'delivery' ? [part] : []));

it('writes all that waits as over the line, still sealed, under a name without a person', async () => {
  keep(3);
  const exported = await run();
  const name = 'loket-kiosk-2-2026-11-22-102030';
  expect([readdirSync(stick), readdirSync(join(stick, name))]).toEqual([[name], ['queue.jsonl']]);
  const text = readFileSync(join(stick, name, 'queue.jsonl'), 'utf8');
  expect(exported).toEqual({ state: 'done', records: 3, attachments: 0, unreadable: 0, bytes: text.length, folder: name, portShut: true });
  const parts = readParts();
  expect(parts.map(({ part }) => part)).toEqual(['delivery', 'end']);
  expect(parts.at(-1)).toEqual({ part: 'end', records: 3, attachments: 0 });
  const items = TransactionBatch.parse(deliveries(parts)[0]?.items);
  expect(items.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect([items[0]?.previous, items[2]?.signature]).toEqual([expect.any(String), expect.any(String)]);
  expect([ada.surname, ada.nationalNumber].filter((word) => text.includes(word))).toEqual([]);
  expect([outbox.countWaiting(), logged]).toEqual([3, ['exported']]);
});

it('goes over several deliveries, and carries losses', async () => {
  keep(120);
  const losses = () => [{ id: '1', statement: 'aaa.bbb.ccc', claims: { terminal: 'kiosk-1' } as never }];
  expect(await run({}, { outbox: { ...outbox, losses } })).toMatchObject({ state: 'done', records: 120 });
  const [loss, ...parts] = readParts();
  expect(loss).toEqual({ part: 'loss', terminal: 'kiosk-1', statement: 'aaa.bbb.ccc' });
  expect(deliveries(parts).map(({ items }) => items.length)).toEqual([100, 20]);
});

it('carries what is stuck and what a former name kept, each under the name that vouches for it', async () => {
  keep(2);
  outbox.markStuck(makeContent(1).txId, 'invalid');
  outbox.close();
  outbox = openTestOutbox(join(folder, 'outbox'), { identity: makeSigner('kiosk-9') });
  keep(3);
  expect(await run()).toMatchObject({ state: 'done', records: 3 });
  const items = deliveries(readParts()).map((part) => [part.terminal, part.items.length, TransactionBatch.parse(part.items)[0]?.source]);
  expect(items).toEqual([
    ['kiosk-2', 2, 'urn:loket:terminal:kiosk-2'],
    ['kiosk-9', 1, 'urn:loket:terminal:kiosk-9'],
  ]);
});

describe('attachments', () => {
  const prepare = async (number: number, bytes: number) => {
    const photo = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), randomBytes(bytes)]);
    const prepared = await attachments.prepare(makeContent(number).txId, photo, { name: `${ada.surname}.jpg`, mediaType: 'image/jpeg' });
    if (!prepared.ok) throw new Error(prepared.error);
    return prepared.value;
  };

  it('of kept records lie beside, sealed, under a name by chance; one that this disk changed is left out', async () => {
    const good = await prepare(1, 600_000);
    const bad = await prepare(1, 1_000);
    await prepare(2, 1_000);
    keep(1);
    writeFileSync(join(folder, 'attachments', `${bad.id}.sealed`), Buffer.alloc(1_019));
    expect(await run()).toMatchObject({ state: 'done', records: 1, attachments: 1, unreadable: 1 });
    const [name = ''] = readdirSync(stick);
    expect(readdirSync(join(stick, name)).sort()).toEqual([`${good.id}.sealed`, 'queue.jsonl'].sort());
    const sealed = readFileSync(join(stick, name, `${good.id}.sealed`));
    expect(createHash('sha256').update(sealed).digest('base64url')).toBe(good.sha256);
    expect(readParts().slice(1)).toEqual([
      { part: 'attachment', terminal: 'kiosk-2', id: good.id, length: sealed.length, sha256: good.sha256 },
      { part: 'end', records: 1, attachments: 1 },
    ]);
  });

  it('whose note this disk changed are counted: nobody can tell of which record they are', async () => {
    const { id } = await prepare(1, 1_000);
    keep(1);
    writeFileSync(join(folder, 'attachments', `${id}.json`), '{');
    attachments = openAttachments({ folder, reserveMebibytes: 0, stateOf: outbox.stateOf });
    expect(await run()).toMatchObject({ state: 'done', records: 1, attachments: 0, unreadable: 1 });
  });

  it('are read back too', async () => {
    const { id, sha256 } = await prepare(1, 1_000);
    keep(1);
    async function* readBack(file: string) {
      const bytes = readFileSync(file);
      yield file.endsWith('.sealed') ? bytes.fill(0, 0, 1) : bytes;
    }
    const parts = { ...carried(), attachments: attachments.list(), read: attachments.read };
    expect(parts.attachments).toMatchObject([{ id, sha256 }]);
    const written = await writeExport({ folder: stick, name: 'a', carried: parts, signal: never, readBack });
    expect([written, readdirSync(stick)]).toEqual([{ ok: false, error: 'not_written' }, []]);
  });

  it('alone are worth an export: their record was received, and they may not be', async () => {
    await prepare(1, 1_000);
    keep(1);
    outbox.markReceived(makeContent(1).txId, makeReceipt());
    expect(await run()).toMatchObject({ state: 'done', records: 0, attachments: 1, unreadable: 0 });
  });
});

it('waits until all that is whole was salvaged: else some would be missing without a word', async () => {
  keep(2);
  expect(await run({ openPort: program('open') }, { outbox: { ...outbox, isSalvaging: () => true } })).toEqual({
    state: 'failed',
    why: 'salvaging',
    portShut: true,
  });
  expect(existsSync(join(folder, 'port'))).toBe(false);
});

it('holds one delivery at a time, however many there are', async () => {
  let read = 0;
  let pieces = 0;
  let most = 0;
  function* many() {
    for (; read < 25_000; read += 1) {
      // The head is a piece too.
      most = Math.max(most, read + 1 - pieces);
      yield delivery(read);
    }
  }
  const parts = { carried: { ...carried(), deliveries: many() }, signal: never, onPiece: () => (pieces += 1) };
  expect(await writeExport({ folder: stick, name: 'a', ...parts })).toMatchObject({ ok: true, value: { records: 25_000 } });
  expect(most).toBe(0);
});

it('says that nothing waits, and opens no port for it', async () => {
  expect(await run({ openPort: program('open') })).toEqual({ state: 'failed', why: 'nothing_waits', portShut: true });
  expect(existsSync(join(folder, 'port'))).toBe(false);
});

it('opens the port for the writing alone', async () => {
  keep(1);
  expect(await run({ openPort: program('open'), shutPort: program('shut') })).toMatchObject({ state: 'done', portShut: true });
  expect(portUse()).toBe('open shut');
});

it.each([
  ['a port that does not open', { openPort: ['/no/such/program'] }, 'port', 'shut'],
  ['a port whose program says no', { openPort: [process.execPath, '-e', 'process.exit(1)'] }, 'port', 'shut'],
  ['a folder that is not there', { exportFolder: '/no/such/folder' }, 'no_folder', 'shut'],
  ['no folder at all', { exportFolder: null }, 'no_folder', 'shut'],
])('%s: says why, writes nothing, and shuts the port', async (_name, changes, why, used) => {
  keep(1);
  expect(await run({ ...changes, shutPort: program('shut') })).toEqual({ state: 'failed', why, portShut: true });
  expect([portUse(), readdirSync(stick), outbox.countWaiting()]).toEqual([used, [], 1]);
});

it('a port that does not shut is said beside what was written', async () => {
  keep(1);
  expect(await run({ shutPort: program('shut', 1) })).toMatchObject({ state: 'done', records: 1, portShut: false });
});

it('a folder may be chosen; choosing none is no mistake', async () => {
  keep(1);
  expect(await run({ exportFolder: null }, { chooseFolder: async () => null })).toEqual({ state: 'idle' });
  expect(await run({ exportFolder: null }, { chooseFolder: async () => stick })).toMatchObject({ state: 'done' });
});

it.each(['left', 'stopping'] as const)('%s while choosing: nothing is written later, and the port is shut', async (which) => {
  keep(1);
  const gone = new AbortController();
  const chosen = Promise.withResolvers<string | null>();
  const running = run({ exportFolder: null, shutPort: program('shut') }, { chooseFolder: () => chosen.promise, [which]: gone.signal });
  gone.abort();
  expect(await running).toEqual({ state: 'idle' });
  chosen.resolve(stick);
  await chosen.promise;
  expect([portUse(), readdirSync(stick)]).toEqual(['shut', []]);
});

it('a program that opens the port is ended when the app ends: what follows is that it is shut', async () => {
  keep(1);
  const ends = new AbortController();
  const hangs = [
    process.execPath,
    '-e',
    `require('fs').writeFileSync(${JSON.stringify(join(folder, 'began'))}, ''); setTimeout(() => 0, 60_000)`,
  ];
  const running = run({ openPort: hangs, shutPort: program('shut') }, { stopping: ends.signal });
  await vi.waitFor(() => expect(existsSync(join(folder, 'began'))).toBe(true), 10_000);
  ends.abort();
  expect(await running).toMatchObject({ state: 'failed', why: 'port', portShut: true });
  expect([portUse(), readdirSync(stick)]).toEqual(['shut', []]);
});

it('a queue that cannot be read is said, not thrown', async () => {
  const broken = {
    waitingDeliveries: () => {
      throw new Error('SQLITE_IOERR');
    },
    losses: () => [],
    isSalvaging: () => false,
  };
  expect(await run({}, { outbox: broken })).toEqual({ state: 'failed', why: 'not_written', portShut: true });
  expect(logged).toEqual(['storage_failed']);
});

const delivery = (id: number) => ({ part: 'delivery' as const, terminal: 'kiosk-2', items: [{ id }] });
const carried = (): Carried => ({
  head: { kind: 'loket/export/1', terminal: 'kiosk-2', writtenAt: '2026-11-22T10:20:30.456Z' },
  losses: [],
  deliveries: [delivery(1)],
  attachments: [],
  unreadable: 0,
  read: () => Promise.reject(new Error('none')),
});
const never = new AbortController().signal;

it('what is read back as something else was not written, and does not stay', async () => {
  async function* otherwise() {
    yield Buffer.from('{}');
  }
  const written = await writeExport({ folder: stick, name: 'a', carried: carried(), signal: never, readBack: otherwise });
  expect([written, readdirSync(stick)]).toEqual([{ ok: false, error: 'not_written' }, []]);
});

it('a full stick is called full, and leaves no half file', async () => {
  function* filling() {
    yield delivery(1);
    throw Object.assign(new Error('write'), { code: 'ENOSPC' });
  }
  const written = await writeExport({ folder: stick, name: 'a', carried: { ...carried(), deliveries: filling() }, signal: never });
  expect([written, readdirSync(stick)]).toEqual([{ ok: false, error: 'disk_full' }, []]);
});

it('stops between two deliveries when the app ends', async () => {
  const stopping = new AbortController();
  function* long() {
    for (let number = 1; ; number += 1) {
      if (number === 3) stopping.abort();
      yield delivery(number);
    }
  }
  const written = await writeExport({
    folder: stick,
    name: 'a',
    carried: { ...carried(), deliveries: long() },
    signal: stopping.signal,
  });
  expect([written, readdirSync(stick)]).toEqual([{ ok: false, error: 'not_written' }, []]);
});

it('nothing under the name until it is whole', async () => {
  const seen: string[][] = [];
  function* watched() {
    seen.push(readdirSync(stick));
    yield delivery(1);
    seen.push(readdirSync(stick));
  }
  await writeExport({ folder: stick, name: 'a', carried: { ...carried(), deliveries: watched() }, signal: never });
  expect([seen, readdirSync(stick)]).toEqual([[['a.new'], ['a.new']], ['a']]);
});

it('an export that lies there under the same name stays as it is', async () => {
  const write = (id: number) =>
    writeExport({ folder: stick, name: 'a', carried: { ...carried(), deliveries: [delivery(id)] }, signal: never });
  expect((await write(1)).ok).toBe(true);
  const before = readFileSync(join(stick, 'a', 'queue.jsonl'));
  expect(await write(2)).toEqual({ ok: false, error: 'not_written' });
  expect([readdirSync(stick), readFileSync(join(stick, 'a', 'queue.jsonl'))]).toEqual([['a'], before]);
});

it('a file in the folder’s place is no folder', async () => {
  const file = join(stick, 'file');
  writeFileSync(file, '');
  expect(await writeExport({ folder: file, name: 'a', carried: carried(), signal: never })).toEqual({ ok: false, error: 'no_folder' });
});

it.each([
  ['that ends well', [process.execPath, '-e', ''], true],
  ['that says no', [process.execPath, '-e', 'process.exit(3)'], false],
  ['that hangs', [process.execPath, '-e', 'setInterval(() => {}, 1000)'], false],
  ['that is not there', ['/no/such/program'], false],
  ['with a word that cannot be', [process.execPath, '\0'], false],
  ['that is none', [], false],
  [
    'whose words would mean something to a shell',
    [process.execPath, '-e', 'process.exit(process.argv[1] === "$(exit 0); x" ? 0 : 9)', '$(exit 0); x'],
    true,
  ],
])('a program %s', async (_name, command, worked) => {
  expect(await runProgram(command, 1_000)).toBe(worked);
});

it('a program whose children stay has ended', async () => {
  const stays = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 4000)'], { detached: true, stdio: 'inherit' }).unref()`;
  expect(await runProgram([process.execPath, '-e', stays], 30_000)).toBe(true);
});
