import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { keep, keepFolder } from '../../build/keeper.ts';
import { lastLines, WorkStopped } from '../../build/run.ts';

export type Postgres = {
  /** As DATABASE_URL wants it: a socket in a folder that only this user and root can enter, no port. */
  url: string;
  stop(): Promise<void>;
};

/**
 * `durable`: it syncs to disk, as in service. Left out, it does not: faster, and the folder is thrown away anyway. `port`: it is
 * reached over TCP on this computer, as one in service is; a socket of this kernel's takes two thirds of a delivery at once.
 */
export type PostgresOptions = { durable?: boolean; port?: boolean };

/**
 * A real PostgreSQL with an empty cluster of its own in a temporary folder; whatever else of it runs on this computer is
 * left alone. It refuses to run as root, so root starts it as the user that its package made (else as nobody). Throws
 * `WorkStopped` when there is none or it does not start.
 */
export async function startPostgres({ durable = false, port = false }: PostgresOptions = {}): Promise<Postgres> {
  const programs = findPostgres();
  if (programs === null) throw new WorkStopped('No PostgreSQL is installed here.');
  const user = serverUser();
  const folder = keepFolder(mkdtempSync(join(tmpdir(), 'loket-postgres-')));
  const data = join(folder, 'data');
  const sockets = join(folder, 's');
  const number = port ? await findPort() : null;
  try {
    for (const path of [folder, data, sockets]) makeOwn(path, user);
    initialise(join(programs, 'initdb'), data, user);
    const server = keep(
      spawn(join(programs, 'postgres'), ['-D', data, ...settings(sockets, durable, number)], {
        ...user,
        cwd: folder,
        env: plainEnvironment(),
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    await ready(server);
    return {
      url:
        number === null
          ? `postgres:///postgres?host=${encodeURIComponent(sockets)}&user=loket`
          : `postgres://loket@127.0.0.1:${number}/postgres`,
      async stop() {
        await stopAtOnce(server);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

type User = { uid: number; gid: number } | Record<string, never>;

/** Debian keeps each version's programs in a folder of its own, off the PATH; others put them on it. The newest wins. */
export function findPostgres(): string | null {
  const versions = listFolder('/usr/lib/postgresql').sort((one, other) => Number(other) - Number(one));
  const folders = [...versions.map((version) => `/usr/lib/postgresql/${version}/bin`), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.find((folder) => folder !== '' && ['initdb', 'postgres'].every((name) => isProgram(join(folder, name)))) ?? null;
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function serverUser(): User {
  if (process.getuid?.() !== 0) return {};
  const ask = (what: string) => Number(spawnSync('id', [what, 'postgres'], { encoding: 'utf8' }).stdout.trim() || '65534');
  return { uid: ask('-u'), gid: ask('-g') };
}

function makeOwn(path: string, user: User): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
}

/** libpq's own variables would lead these programs to another server. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries({ ...process.env, LC_ALL: 'C' }).filter(([name]) => !name.startsWith('PG')));
}

function initialise(initdb: string, data: string, user: User): void {
  const args = ['-D', data, '--username=loket', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync', '--no-instructions'];
  const made = spawnSync(initdb, args, { ...user, cwd: data, env: plainEnvironment(), encoding: 'utf8' });
  if (made.status !== 0) throw new WorkStopped(`PostgreSQL could not make its files.\n${lastLines(made.stderr ?? '')}`.trimEnd());
}

function settings(sockets: string, durable: boolean, port: number | null): string[] {
  const values = {
    ...(port === null ? { listen_addresses: '' } : { listen_addresses: '127.0.0.1', port: String(port) }),
    unix_socket_directories: sockets,
    // Every test file has its own pools beside the others'.
    max_connections: '400',
    // In its own folder, not in /dev/shm, which is small in containers and would keep what a killed server left.
    dynamic_shared_memory_type: 'mmap',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** One that is free now. */
function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-4000);
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('error', (error) => reject(new WorkStopped(`PostgreSQL could not be started: ${error.message}`)));
    server.once('exit', (code) => reject(new WorkStopped(`PostgreSQL stopped with code ${code ?? 'none'}.\n${lastLines(said)}`)));
  });
}

/** Without the tidying of an orderly end, which nobody needs: SIGQUIT is its "immediate shutdown". */
async function stopAtOnce(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGQUIT');
  await gone;
}
