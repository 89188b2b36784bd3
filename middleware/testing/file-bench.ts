import { randomUUID } from 'node:crypto';
import type { Response } from 'undici';
import type { ActingAs } from '../../contract/file.ts';
import { mediaType } from '../../contract/wire.ts';
import { type BackOffices, startBackOffices, type World } from '../back-offices/start.ts';
import type { MiddlewareConfig } from '../config.ts';
import { createGrants } from '../grants/grants.ts';
import type { MiddlewareParts } from '../server.ts';
import type { FakeTerminal } from './fake-terminal.ts';
import type { AskOptions, TestBench, TestMiddleware } from './harness.ts';
import { makeWorld, people } from './small-world.ts';

export type Asking = { visit: string; token: string; as?: FakeTerminal };
export type FileAsk = { actingAs?: ActingAs; sources?: string[] };

/** Reading files over the real HTTPS from back offices over the real HTTP. The clock is the machine's, and `later`. */
export type FileBench = {
  later: number;
  now(): Date;
  /** Of the last `open`. */
  offices: BackOffices;
  open(world?: World, parts?: Partial<MiddlewareParts>, changes?: Partial<MiddlewareConfig>): Promise<TestMiddleware>;
  /** A grant as a sign-in gives it. */
  signIn(ssin?: string, as?: FakeTerminal): Promise<Asking>;
  post(middleware: TestMiddleware, path: string, asking: Asking, more?: object, options?: AskOptions): Promise<Response>;
  file(middleware: TestMiddleware, asking: Asking, more?: FileAsk): Promise<Response>;
  /** The same, without waiting for the end to hold it against the document. */
  stream(middleware: TestMiddleware, asking: Asking, more?: FileAsk): Promise<Response>;
  empty(): Promise<void>;
};

export function createFileBench(bench: TestBench): FileBench {
  const started: BackOffices[] = [];
  const now = () => new Date(Date.now() + self.later);
  const ask = (middleware: TestMiddleware, asking: Asking, more: FileAsk, options: AskOptions) =>
    self.post(middleware, '/v1/file', asking, { actingAs: { kind: 'self' }, sources: [], ...more }, options);
  const self: FileBench = {
    later: 0,
    now,
    get offices() {
      const last = started.at(-1);
      if (last === undefined) throw new Error('no back offices were started');
      return last;
    },
    async open(world = makeWorld(), parts = {}, changes = {}) {
      const offices = await startBackOffices(world);
      started.push(offices);
      const { list, base } = offices;
      return await bench.start({ sources: { list, base }, ...changes }, { now, uptime: () => 0, ...parts });
    },
    async signIn(ssin = people.self, as = bench.terminal) {
      const visit = randomUUID();
      const { token } = await createGrants({ database: bench.database, now }).give(ssin, { terminal: as.id, visit });
      return { visit, token, as };
    },
    post(middleware, path, { visit, token, as = bench.terminal }, more = {}, options = {}) {
      const headers = { 'content-type': mediaType.json, authorization: `Bearer ${token}` };
      const body = JSON.stringify({ terminal: as.id, visit, ...more });
      return middleware.ask(path, { method: 'POST', body, headers, as, ...options });
    },
    file: (middleware, asking, more = {}) => ask(middleware, asking, more, {}),
    stream: (middleware, asking, more = {}) => ask(middleware, asking, more, { undocumented: true }),
    async empty() {
      self.later = 0;
      await bench.empty();
      await Promise.all(started.splice(0).map((offices) => offices.close()));
      await bench.database.query('DELETE FROM person_grant');
      await bench.database.query('DELETE FROM source_state');
    },
  };
  return self;
}
