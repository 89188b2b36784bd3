import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import * as z from 'zod';
import { endChild, keep } from '../../build/keeper.ts';
import { root } from '../../build/paths.ts';
import { WorkStopped } from '../../build/run.ts';
import type { PublicJwk } from '../../contract/key-set.ts';
import type { DemoKeys } from '../../middleware/demo-keys.ts';
import { nodeOptions } from '../../middleware/node-options.ts';
import type { BackOfficesProcess } from './back-offices-process.ts';

/** What the middleware says it has: for looking at from outside, by the demo and the tests. */
const Arrival = z.object({
  txId: z.string(),
  reference: z.string(),
  product: z.string().nullable(),
  trust: z.string().nullable(),
  receivedAt: z.string(),
  /** How many times it arrived and took effect; anything but 1 is the middleware's mistake. */
  copies: z.int(),
  state: z.string(),
  /** Of its case, once there is one. */
  status: z.string().nullable(),
});
export type Arrival = z.infer<typeof Arrival>;

export type Fault = 'none' | 'nonsense' | 'error' | 'wrong_ids' | 'slow';

export type MiddlewareProcess = {
  /** `https://localhost:PORT`, past the line. */
  origin: string;
  port: number;
  /** The terminal that this world is about. */
  terminal: string;
  /** Published: what receipts are verified with. */
  receiptKey: PublicJwk;
  /** Who may look at what arrived, at `origin`/operator. */
  operator: { name: string; password: string };
  /** A one-time enrolment code for it. */
  issueCode(): Promise<string>;
  fetchTransactions(): Promise<Arrival[]>;
  /** What was sent to telephones and letter boxes, newest first. */
  fetchMessages(): Promise<SentMessage[]>;
  setFault(fault: Fault): Promise<void>;
  /** A page or answer as anybody gets it, over HTTPS with the demo's root. */
  get(path: string): Promise<{ status: number; text: string }>;
  /** The one button of such a page. */
  press(path: string): Promise<{ status: number; text: string }>;
  stop(): Promise<void>;
};

const SentMessage = z.object({ at: z.iso.datetime(), channel: z.enum(['email', 'phone']), to: z.string(), text: z.string() });
export type SentMessage = z.infer<typeof SentMessage>;

export type MiddlewareOptions = {
  dir: string;
  keys: DemoKeys;
  terminal: { id: string; name: string };
  /** Folder of its database; without it, it lives in memory. */
  dataDir?: string;
  /** What terminals call it, when that is not its own address: the line's. */
  origin?: string;
  /** Roots of test cards (PEM files). */
  testRoots?: readonly string[];
  /** Who answers for the hosts that test cards name. Without it: Belgium's own, which know no test card. */
  authority?: { ocspUrl: string; crlUrl: string };
  /** Forms and catalogue for the terminals. Without it they use what they were shipped with. */
  bundleFolder?: string | undefined;
  /** Who is asked for a person's file. */
  sources?: BackOfficesProcess['sources'];
};

/** As the virtual card's certificates name them. */
const authorityHosts = { ocsp: 'ocsp.loket.invalid', crl: 'crl.loket.invalid' } as const;

/** The real middleware as a process of its own, on a free port. */
export async function startMiddlewareProcess(options: MiddlewareOptions): Promise<MiddlewareProcess> {
  const { dir, keys, terminal, dataDir, origin: calledBy, testRoots = [], authority, sources, bundleFolder } = options;
  const config = join(dir, 'middleware.json');
  await writeFile(
    config,
    JSON.stringify({
      port: 0,
      tls: { key: keys.tls.key.path, cert: keys.tls.certificate.path, root: keys.tls.root.path },
      terminalCa: { key: keys.terminalCa.key.path, cert: keys.terminalCa.certificate.path },
      keys: keys.keysFile,
      demo: true,
      testRoots,
      ...describeAuthority(authority),
      ...(calledBy === undefined ? {} : { origin: calledBy }),
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(sources === undefined ? {} : { sources }),
      ...(bundleFolder === undefined ? {} : { bundleFolder }),
    }),
    { mode: 0o600 },
  );
  // A database of the developer's own is never the demo's.
  const { DATABASE_URL: _, ...env } = process.env;
  const child = keep(
    spawn(process.execPath, [...nodeOptions, join(root, 'middleware/main.ts'), '--config', config], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const log = createWriteStream(join(dir, 'middleware.log'), { flags: 'a', mode: 0o600 });
  child.stderr.pipe(log, { end: false });
  const { origin, operator } = await waitUntilListening(child);
  child.stdout.pipe(log, { end: false });
  const dispatcher = new Agent({ connect: { ca: keys.tls.root.pem } });
  return {
    origin,
    port: Number(new URL(origin).port),
    terminal: terminal.id,
    operator,
    receiptKey: keys.receiptKey.publicJwk,
    async issueCode() {
      const body = JSON.stringify({ terminal: terminal.id, name: terminal.name });
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${origin}/demo/enrolments`, { dispatcher, method: 'POST', body, headers });
      return z.object({ code: z.string() }).parse(await reply.json()).code;
    },
    async fetchTransactions() {
      const reply = await fetch(`${origin}/demo/transactions`, { dispatcher });
      return z.array(Arrival).parse(await reply.json());
    },
    async fetchMessages() {
      const reply = await fetch(`${origin}/demo/messages`, { dispatcher });
      return z.array(SentMessage).parse(await reply.json());
    },
    async setFault(mode) {
      const body = JSON.stringify({ mode });
      const reply = await fetch(`${origin}/demo/faults`, {
        dispatcher,
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      if (!reply.ok) throw new Error(`the middleware refused the fault: ${reply.status}`);
    },
    async get(path) {
      const reply = await fetch(origin + path, { dispatcher });
      return { status: reply.status, text: await reply.text() };
    },
    async press(path) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await fetch(origin + path, { dispatcher, method: 'POST', headers, body: '' });
      return { status: reply.status, text: await reply.text() };
    },
    async stop() {
      await dispatcher.destroy();
      await endChild(child);
      log.end();
    },
  };
}

/** With a test authority nobody else is asked. */
function describeAuthority(authority: MiddlewareOptions['authority']) {
  if (authority === undefined) return {};
  const { ocsp, crl } = authorityHosts;
  return { revocation: { hosts: [ocsp, crl], instead: { [ocsp]: authority.ocspUrl, [crl]: authority.crlUrl }, timeoutMs: 2000 } };
}

function waitUntilListening(child: ChildProcess): Promise<Pick<MiddlewareProcess, 'origin' | 'operator'>> {
  return new Promise((resolve, reject) => {
    let said = '';
    const complaints: string[] = [];
    child.stdout?.setEncoding('utf8').on('data', function listen(chunk: string) {
      said += chunk;
      const [, origin, name, password] = /^listening (https:\/\/\S+)\noperator (\S+) (\S+)$/m.exec(said) ?? [];
      if (origin === undefined || name === undefined || password === undefined) return;
      child.stdout?.off('data', listen);
      resolve({ origin, operator: { name, password } });
    });
    child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString('utf8')));
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(
        new WorkStopped(
          `The middleware stopped before it listened (exit ${code ?? 'none'}).\n${complaints.join('').slice(-2000)}`.trimEnd(),
        ),
      );
    });
  });
}
