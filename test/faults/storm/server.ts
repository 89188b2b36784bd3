import type { Pacing, Permit } from '../../../middleware/ingest/pacing.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

export type Request =
  | { kind: 'look'; ask: boolean; terminal: string; handshake: boolean; answer: (reply: Reply) => void }
  | { kind: 'live' | 'backlog'; records: number; terminal: string; handshake: boolean; answer: (reply: Reply) => void };

/** As `GET /v1/line` and `POST /v1/transactions` answer. */
export type Reply = { status: 200; slotInMs: number | null } | { status: 429; inMs: number };

export type Server = {
  receive(request: Request): void;
  figures(): { requests: number; useful: number; busyMs: number };
};

/**
 * One server that does one thing after the other in the order in which it came, whatever it is: nothing in it helps the live
 * ones but `pacing`, which is the middleware's own and is asked where routes.ts asks it.
 */
export function createServer(timeline: Timeline, { server: cost }: World, pacing: Pacing): Server {
  const waiting: { ms: number; done: () => void }[] = [];
  let atWork = false;
  let requests = 0;
  let useful = 0;
  let busyMs = 0;

  function work(ms: number, done: () => void): void {
    waiting.push({ ms, done });
    if (!atWork) next();
  }

  function next(): void {
    const job = waiting.shift();
    atWork = job !== undefined;
    if (!job) return;
    busyMs += job.ms;
    timeline.plan(job.ms, () => {
      job.done();
      next();
    });
  }

  function deliver(request: Extract<Request, { records: number }>, permit: Permit, ms: number): void {
    permit.begin(timeline.now());
    work(ms + cost.deliveryMs + request.records * cost.recordMs, () => {
      const at = timeline.now();
      useful += 1;
      const slotInMs = permit.kind === 'backlog' ? pacing.goOn(request.terminal, at) : null;
      permit.end(at);
      request.answer({ status: 200, slotInMs });
    });
  }

  return {
    receive(request) {
      requests += 1;
      const ms = request.handshake ? cost.handshakeMs : 0;
      const at = timeline.now();
      if (request.kind === 'look') {
        const looked = pacing.look(at);
        work(ms + cost.lookMs, () => {
          const slotInMs = request.ask ? pacing.ask(request.terminal, timeline.now()) : null;
          looked(timeline.now());
          request.answer({ status: 200, slotInMs });
        });
        return;
      }
      const letIn = (permit: Permit) => deliver(request, permit, ms);
      const answer = pacing.arrive({ terminal: request.terminal, kind: request.kind, at, letIn });
      if ('permit' in answer) letIn(answer.permit);
      else if ('inMs' in answer) work(ms + cost.refusalMs, () => request.answer({ status: 429, inMs: answer.inMs }));
    },
    figures: () => ({ requests, useful, busyMs }),
  };
}
