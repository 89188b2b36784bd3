import type { LineProblem } from '../../contract/operator.ts';
import { LineNews, LossReply, type LossRequest, mediaType, priority } from '../../contract/wire.ts';
import type { Log } from '../log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Line, LineAnswer } from './line.ts';
import { problemOf, toLineError } from './line-problem.ts';
import { readJson, readPatience } from './read-answer.ts';

export type Looked = { came: 'news'; news: LineNews } | { came: 'failed'; problem: LineProblem; inMs: number | null };

/** One look at the line. `ask`: for a slot for what waits. */
export async function lookAtLine({ line }: { line: Pick<Line, 'request'> }, { ask }: { ask: boolean }): Promise<Looked> {
  let answer: LineAnswer;
  try {
    answer = await line.request('GET', '/v1/line', ask ? { [priority.header]: priority.backlog } : {});
  } catch (error) {
    return { came: 'failed', problem: toLineError(error).problem, inMs: null };
  }
  const news = readJson(answer, LineNews);
  return news ? { came: 'news', news } : { came: 'failed', problem: problemOf(answer), inMs: readPatience(answer) };
}

/** What the middleware knows of our queues, compared with what is here. Throws when the disk does not take the outcome. */
export function compareQueues({ epoch, generations }: LineNews, outbox: Pick<Outbox, 'enterEpoch' | 'noticeRollback' | 'cover'>): void {
  outbox.enterEpoch(epoch);
  outbox.noticeRollback(generations);
  outbox.cover(generations);
}

type LossParts = { line: Pick<Line, 'request'>; outbox: Pick<Outbox, 'losses' | 'markLossHeard'>; terminal: string; log: Log };

/** `silent`: no answer, and what was not said is said again. `refused`: what it answered to one that it did not write down. */
export type Stated = { silent: LineProblem | null; refused: LineProblem | null };

/** Says what this disk lost until the middleware has written it down. */
export async function stateLosses({ line, outbox, terminal, log }: LossParts): Promise<Stated> {
  let refused: LineProblem | null = null;
  for (const { id, statement } of outbox.losses()) {
    const body = JSON.stringify({ terminal, statement } satisfies LossRequest);
    let answer: LineAnswer;
    try {
      answer = await line.request('POST', '/v1/losses', { 'content-type': mediaType.json }, body);
    } catch (error) {
      return { silent: toLineError(error).problem, refused };
    }
    if (readJson(answer, LossReply) === null) {
      log('loss_refused', { status: answer.status });
      refused = problemOf(answer);
      continue;
    }
    outbox.markLossHeard(id);
    log('loss_stated');
  }
  return { silent: null, refused };
}
