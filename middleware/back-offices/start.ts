import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { type Role, Ssin, Subject } from '../../contract/file.ts';
import type { SourceList } from '../sources/source-list.ts';
import { Control, type Fault } from './control.ts';
import { type Answer, answerWith, sendJson, slowMs } from './faults.ts';

/** What a back office holds, and how it behaves. */
export type Office = { latencyMs: number; fault: Fault };

/** An invented world: who is asked, and what each holds about whom. */
export type World = {
  list: SourceList;
  /** Usual ways of a source, before anybody switches something. */
  officeOf(source: string): Office;
  answer(source: string, subject: Subject): Answer;
  rolesOf(source: string, ssin: string): (Role & { birthDate?: string })[];
  /** How many items each of its sources holds from now on, where that can be chosen. */
  hold?(itemsEach: number): void;
};

export type BackOffices = {
  /** Where they are: for the middleware's configuration. */
  base: string;
  list: SourceList;
  set(source: string, change: Partial<Office>): void;
  /** The mandate that this person was given, as a withdrawal takes it away and a gift brings it back. */
  withdraw(ssin: string, withdrawn: boolean): void;
  /** Every address that was asked, as it stood in the request. */
  addresses: ReadonlySet<string>;
  /** Questions that came to it, and those that nobody waits for any more. */
  asked(source: string): number;
  open(): number;
  close(): Promise<void>;
};

const Withdrawal = z.object({ ssin: Ssin, withdrawn: z.boolean() });
const Question = z.object({ subject: Subject });
const RolesQuestion = z.object({ ssin: Ssin });
const Holding = z.object({ items: z.int().min(0).max(10_000) });

/** 150 applications on one port of this machine. Each has its own pace and its own faults. */
export async function startBackOffices(world: World, { port = 0 }: { port?: number } = {}): Promise<BackOffices> {
  const changes = new Map<string, Partial<Office>>();
  const withdrawn = new Set<string>();
  const asked = new Map<string, number>();
  const answeredAt = new Map<string, number>();
  const waiting = new Set<ServerResponse>();
  const addresses = new Set<string>();
  const officeOf = (source: string): Office => ({ ...world.officeOf(source), ...changes.get(source) });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind = '', source = ''] = /^\/([a-z]+)\/?([a-z0-9-]*)$/.exec(request.url ?? '') ?? [];
    if (kind === 'control') return control(request, source, response);
    asked.set(source, (asked.get(source) ?? 0) + 1);
    const question: unknown = JSON.parse(await text(request));
    const { latencyMs, fault } = officeOf(source);
    await sleep(latencyMs + (fault === 'slow' ? slowMs : 0), response);
    if (response.destroyed) return;
    if (kind === 'roles') return answerRoles(RolesQuestion.parse(question).ssin, { source, fault, response });
    if (kind !== 'sources') return void response.writeHead(404).end();
    await answerWith(response, fault, world.answer(source, Question.parse(question).subject));
    if (response.writableEnded) answeredAt.set(source, performance.timeOrigin + performance.now());
  }

  async function answerRoles(ssin: string, to: { source: string; fault: Fault; response: ServerResponse }): Promise<void> {
    const roles = world
      .rolesOf(to.source, ssin)
      .filter(({ as }) => !(withdrawn.has(ssin) && as.kind === 'person' && as.basis === 'mandate'));
    if (to.fault === 'none' || to.fault === 'slow') sendJson(to.response, { roles });
    else await answerWith(to.response, to.fault, { asOf: '', items: [] });
  }

  /** JSON by its media type, so that no page in a browser can send it without being asked first. */
  async function control(request: IncomingMessage, what: string, response: ServerResponse): Promise<void> {
    const isOrder = request.method === 'POST' && request.headers['content-type'] === 'application/json';
    if (isOrder) {
      const order: unknown = JSON.parse(await text(request));
      if (what === 'mandates') set.withdraw(Withdrawal.parse(order));
      else if (what === 'items') world.hold?.(Holding.parse(order).items);
      else set.office(Control.parse(order));
    }
    const offices = world.list.sources.map(({ id }) => ({
      source: id,
      ...officeOf(id),
      asked: asked.get(id) ?? 0,
      answeredAt: answeredAt.get(id) ?? null,
    }));
    sendJson(response, { offices });
  }

  const set = {
    office: ({ source, ...change }: z.infer<typeof Control>) => {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      changes.set(source, { ...changes.get(source), ...given });
    },
    withdraw: (order: z.infer<typeof Withdrawal>) => void (order.withdrawn ? withdrawn.add(order.ssin) : withdrawn.delete(order.ssin)),
  };

  const server = createServer((request, response) => {
    addresses.add(request.url ?? '');
    waiting.add(response);
    response.on('close', () => waiting.delete(response));
    answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(400);
      response.end();
    });
  });
  // Whoever asks keeps connections for a while.
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${address.port}`,
    list: world.list,
    addresses,
    set: (source, change) => set.office({ source, ...change }),
    withdraw: (ssin, isWithdrawn) => set.withdraw({ ssin, withdrawn: isWithdrawn }),
    asked: (source) => asked.get(source) ?? 0,
    open: () => waiting.size,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function sleep(ms: number, response: ServerResponse): Promise<void> {
  if (ms === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
