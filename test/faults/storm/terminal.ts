import { batchLimits } from '../../../contract/wire.ts';
import type { Outcome, Pacing } from '../../../electron/sync/pacing.ts';
import type { Reply, Request, Server } from './server.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

export type Terminal = {
  start(): void;
  /** Somebody presses "send": to be received now. `settled`: after how many milliseconds, or null when it was refused. */
  keepLive(settled: (ms: number | null) => void): void;
};

export type TerminalParts = {
  name: string;
  timeline: Timeline;
  world: World;
  server: Server;
  pacing: Pacing;
  hasLine: () => boolean;
  drained: () => void;
  random: () => number;
};

/**
 * A terminal as `sync.ts` runs it, one request at a time: what goes when is `pacing`'s, which is the terminal's own. Like
 * `sync.ts` it goes on with a backlog as long as it is told to, unless somebody waits.
 */
export function createTerminal({ name, timeline, world, server, pacing, hasLine, drained, random }: TerminalParts): Terminal {
  let backlog = world.recordsEach;
  let live: { at: number; settled: (ms: number | null) => void }[] = [];
  let busy = false;
  let planned = 0;
  let lastTraffic = Number.NEGATIVE_INFINITY;

  const oneWay = () => world.lineMs * (0.5 + random());

  function send(
    request: { kind: 'look'; ask: boolean } | { kind: 'live' | 'backlog'; records: number },
    take: (reply: Reply | null) => void,
  ): void {
    busy = true;
    const answered = (reply: Reply | null) => {
      busy = false;
      lastTraffic = timeline.now();
      take(reply);
      look();
    };
    if (!hasLine()) {
      timeline.plan(world.noLineMs, () => answered(null));
      return;
    }
    const handshake = timeline.now() - lastTraffic > world.keepAliveMs;
    const answer = (reply: Reply) => timeline.plan(oneWay(), () => answered(reply));
    // TLS 1.3 asks for one more way there and back.
    timeline.plan(oneWay() * (handshake ? 3 : 1), () => server.receive({ ...request, terminal: name, handshake, answer } as Request));
  }

  function came(outcome: Outcome): void {
    pacing.came(outcome, timeline.now());
  }

  function deliver(kind: 'live' | 'backlog'): void {
    const carried = kind === 'live' ? live : [];
    const records = kind === 'live' ? carried.length : Math.min(backlog, batchLimits.records);
    if (kind === 'live') live = [];
    send({ kind, records }, (reply) => {
      if (reply === null) {
        live = [...carried, ...live];
        return came({ came: 'failure', unreached: true });
      }
      if (reply.status === 429) {
        for (const { settled } of carried) settled(null);
        backlog += carried.length;
        return came({ came: 'not_now', inMs: reply.inMs });
      }
      for (const { at, settled } of carried) settled(timeline.now() - at);
      if (kind === 'backlog') {
        backlog -= records;
        if (backlog === 0) drained();
      }
      came({ came: 'delivered', kind, slotInMs: reply.slotInMs });
    });
  }

  function look(): void {
    if (busy) return;
    const move = pacing.next({ at: timeline.now(), live: live.length > 0, backlog: backlog > 0 });
    if ('inMs' in move) {
      planned += 1;
      const mine = planned;
      timeline.plan(Math.ceil(move.inMs), () => mine === planned && look());
      return;
    }
    if (move.go !== 'look') {
      deliver(move.go);
      return;
    }
    send({ kind: 'look', ask: move.ask }, (reply) => {
      if (reply?.status === 200) came({ came: 'news', slotInMs: reply.slotInMs });
      else came({ came: 'failure', unreached: true });
    });
  }

  return {
    start: look,
    keepLive(settled) {
      live.push({ at: timeline.now(), settled });
      pacing.hurry();
      look();
    },
  };
}
