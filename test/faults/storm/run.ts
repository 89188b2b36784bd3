import { batchLimits } from '../../../contract/wire.ts';
import { createChance } from '../yank/chance.ts';
import { ourPolicy, type Policy } from './policies.ts';
import { createServer, type Server } from './server.ts';
import { createTerminal } from './terminal.ts';
import { createTimeline } from './timeline.ts';
import { makeWorld, type World } from './world.ts';

/** Of one storm, from the moment the line is back. */
export type StormFigures = {
  /** Until the last record of the outage is received, by when the server could have had them all (`idealMs`). */
  drainVsIdeal: number;
  /** All requests of the storm (looks, refusals, live ones) by those that brought records. */
  requestsPerUseful: number;
  /** From pressing "send" to the receipt. */
  liveP99Ms: number;
  /** Told to come later, or without an answer after half a minute. */
  liveFailed: number;
};

export const stormTargets: StormFigures = { drainVsIdeal: 1.2, requestsPerUseful: 2, liveP99Ms: 250, liveFailed: 0 };

export type Storm = { terminals: number; seed: number; policy?: Policy; slower?: number };

/** After this the storm is not waited for any more. */
const longestMs = 2 * 3_600_000;
const answerWithinMs = 30_000;

export function runStorm({ terminals: count, seed, policy = ourPolicy, slower = 1 }: Storm): StormFigures {
  const world = makeWorld({ terminals: count, slower });
  const chance = createChance(seed);
  const timeline = createTimeline(-world.outageMs);
  const middleware = createServer(timeline, world, policy.server());
  /** When each was first heard of: before that no pacing of the middleware's reaches it. */
  const heardOf = new Map<string, number>();
  const server: Server = {
    ...middleware,
    receive(request) {
      if (!heardOf.has(request.terminal)) heardOf.set(request.terminal, timeline.now());
      middleware.receive(request);
    },
  };
  const hasLine = () => timeline.now() >= 0;
  const waits: number[] = [];
  let failed = 0;
  let asked = 0;
  let left = count;
  let drainedAt: number | null = null;
  const drained = () => {
    left -= 1;
    if (left === 0) drainedAt = timeline.now();
  };
  const terminals = Array.from({ length: count }, (_, number) => {
    const pacing = policy.terminal(world.pace, chance.next);
    return createTerminal({ name: `kiosk-${number}`, timeline, world, server, pacing, hasLine, drained, random: chance.next });
  });
  for (const terminal of terminals) timeline.plan(chance.next() * world.pace.retryCapMs, terminal.start);

  function keepOne(): void {
    if (drainedAt !== null) return;
    asked += 1;
    chance.pick(terminals).keepLive((ms) => {
      if (ms === null || ms > answerWithinMs) failed += 1;
      else waits.push(ms);
    });
    timeline.plan((-Math.log(1 - chance.next()) * 1000) / world.livePerSecond, keepOne);
  }
  timeline.plan(world.outageMs, keepOne);

  timeline.run(() => (drainedAt !== null && waits.length + failed >= asked) || timeline.now() > longestMs);

  waits.sort((one, other) => one - other);
  const { requests, useful } = server.figures();
  return {
    drainVsIdeal: round((drainedAt ?? longestMs) / idealMs(world, [...heardOf.values()])),
    requestsPerUseful: round(requests / useful),
    liveP99Ms: round(waits[Math.floor(waits.length * 0.99)] ?? 0),
    liveFailed: failed + Math.max(0, asked - waits.length - failed),
  };
}

/**
 * One connection and full deliveries for each terminal, one after the other from when each was first heard of, without a
 * pause and without a look, in the time that the live ones leave. Of ten thousand the server is the measure (247 s, and all
 * are heard of within 150 s); of a few thousand and less it is the last one's notice of its line.
 */
function idealMs({ recordsEach, livePerSecond, server }: World, heardOf: readonly number[]): number {
  const each = server.handshakeMs + Math.ceil(recordsEach / batchLimits.records) * server.deliveryMs + recordsEach * server.recordMs;
  const live = (livePerSecond * (server.handshakeMs + server.deliveryMs + server.recordMs)) / 1000;
  return heardOf.toSorted((one, other) => one - other).reduce((done, at) => Math.max(done, at) + each / (1 - live), 0);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function keepsTargets(figures: StormFigures): boolean {
  return Object.entries(stormTargets).every(([name, most]) => figures[name as keyof StormFigures] <= most);
}
