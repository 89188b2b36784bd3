import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeRow, median, type Row, takeTurns } from '../rows.ts';
import { startCountingLine } from './counting-line.ts';
import { readyPouch } from './pouchdb.ts';
import { recordBytes } from './records.ts';
import { copyOf, type Served, type Stand } from './stand.ts';
import type { Watched } from './watch.ts';

const records = 10_000;

/** Terminals and middlewares run for months: what is measured is compiled code, and three rounds are what compiling takes. */
const warmUps = 3;
/** One takes a second, and on a machine with other work in it two of them differ by a fifth. */
const roundsAtLeast = 9;

type Parts = { stand: Stand; folder: string; rounds: number; say: (sentence: string) => void };

/** A terminal that brings ten thousand records, by turns with the plain queue and with PouchDB. */
export async function compareCatchUp(parts: Parts): Promise<Row[]> {
  const { stand, folder, rounds, say } = parts;
  const terminal = stand.start('terminal-child');
  const full = join(folder, 'full');
  await terminal.ask('fill', { parts: stand.terminalOf(full), records });

  async function bring(to: Served, name: string): Promise<Watched> {
    const at = copyOf(full, join(folder, name));
    const figures = await terminal.ask('catchUp', { parts: stand.terminalOf(at), url: to.url, tls: to.tls, records });
    await expectAll(to);
    // Now, and not before the next time: else a worker goes on with these while others are measured.
    await to.child.ask('empty');
    rmSync(at, { recursive: true });
    return figures as Watched;
  }

  const plain = await startPlain(parts);
  const pouch = await startPouch(parts);
  const turns = [() => bring(stand.middleware, 'ours'), () => bring(stand.working, 'working'), plain.bring, ...(pouch ? [pouch] : [])];
  const [ours = [], working = [], byPlain = [], byPouch = []] = await takeTurns(Math.max(rounds, roundsAtLeast), turns, warmUps);

  const rate = (of: readonly Watched[]) => of.map(({ ms }) => (records / ms) * 1000);
  const cpu = (of: readonly Watched[]) => of.map(({ cpuMs }) => cpuMs);
  const delay = (of: readonly Watched[]) => of.map(({ loopP99Ms }) => loopP99Ms);
  const store = `middleware on ${stand.store}; ${records} records of ${recordBytes} bytes`;
  const rows = [
    makeRow('sync.catchup_vs_plain', 'records/s', rate(ours), rate(byPlain), { atLeast: 0.7 }, `${store}; the worker not running`),
    makeRow('sync.catchup_working_vs_plain', 'records/s', rate(working), rate(byPlain), undefined, `${store}; the worker running`),
    makeRow('sync.cpu_vs_plain', 'ms', cpu(ours), cpu(byPlain), { atMost: 2 }, "processor time of the terminal's process"),
    makeRow('sync.loop_delay_p99_ms', 'ms', delay(ours), delay(byPlain), { noMoreThan: 20 }, "of the terminal's event loop meanwhile"),
    await compareWire(parts, full, plain.served),
  ];
  if (pouch) rows.push(makeRow('sync.catchup_vs_pouchdb', 'records/s', rate(ours), rate(byPouch), { atLeast: 2 }, store));
  say(`Processor time of PouchDB's client: ${byPouch.length === 0 ? 'not measured' : `${Math.round(median(cpu(byPouch)))} ms`}.`);
  return rows;

  async function expectAll({ child }: Served): Promise<void> {
    const here = await child.ask('count');
    if (here !== records) throw new Error(`${String(here)} records arrived`);
  }
}

async function startPlain({ stand, folder }: Parts): Promise<{ served: Served; bring: () => Promise<Watched> }> {
  const home = join(folder, 'plain');
  mkdirSync(home);
  const [client, server] = [stand.start('plain-client-child'), stand.start('plain-server-child')];
  await client.ask('fill', { file: join(home, 'queue.db'), records });
  const { url } = (await server.ask('start', { file: join(folder, 'plain-server.db'), tls: stand.serverTls })) as { url: string };
  return {
    served: { child: server, url, tls: stand.middleware.tls },
    async bring() {
      await server.ask('empty');
      const at = copyOf(home, join(folder, 'plain-now'));
      const figures = await client.ask('catchUp', { file: join(at, 'queue.db'), url, tls: stand.middleware.tls });
      rmSync(at, { recursive: true });
      return figures as Watched;
    },
  };
}

async function startPouch({ stand, folder, say }: Parts): Promise<(() => Promise<Watched>) | null> {
  const why = await readyPouch(say);
  if (why !== null) {
    say(`${why} The row sync.catchup_vs_pouchdb is left out.`);
    return null;
  }
  const home = join(folder, 'pouch');
  const there = join(folder, 'pouch-server');
  mkdirSync(there);
  const [client, server] = [stand.start('pouch-client-child'), stand.start('pouch-server-child')];
  await client.ask('fill', { folder: home, records });
  const { url } = (await server.ask('start', { folder: there, tls: stand.serverTls })) as { url: string };
  let round = 0;
  return async () => {
    round += 1;
    return (await client.ask('catchUp', { folder: home, url, tls: stand.middleware.tls, name: `round-${round}`, records })) as Watched;
  };
}

/** Not timed: through a line that counts what goes up. */
async function compareWire({ stand, folder }: Parts, full: string, plain: Served): Promise<Row> {
  const terminal = stand.start('terminal-child');
  const sealed = await startCountingLine(stand.middleware.url);
  const unsealed = await startCountingLine(plain.url);
  await stand.middleware.child.ask('empty');
  const at = copyOf(full, join(folder, 'wire'));
  await terminal.ask('catchUp', { parts: stand.terminalOf(at), url: sealed.url, tls: stand.middleware.tls, records });
  await terminal.ask('sendUnsealed', { url: unsealed.url, tls: stand.middleware.tls, records });
  const row = makeRow(
    'sync.wire_overhead',
    'bytes',
    [sealed.sent()],
    [unsealed.sent()],
    { atMost: 1.1 },
    'TLS, HTTP and looks at the line in them',
  );
  await Promise.all([sealed.close(), unsealed.close()]);
  rmSync(at, { recursive: true });
  return row;
}
