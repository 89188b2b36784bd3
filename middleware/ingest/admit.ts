import { Refusal, type Reply } from '../http/problem.ts';
import type { Arrival, Pacing, Permit } from './pacing.ts';

/** Lets a request in, when there is room; before its body is read. Throws the refusal that says when to come again. */
export function admit(pacing: Pacing, ask: Omit<Arrival, 'letIn'>, reply: Reply, uptime: () => number): Promise<Permit> {
  return new Promise((resolve, reject) => {
    const letIn = (permit: Permit) => {
      // However it ends: answered, refused while its body was read, or its line broken.
      reply.raw.once('close', () => permit.end(uptime()));
      resolve(permit);
    };
    const answer = pacing.arrive({ ...ask, letIn });
    if ('permit' in answer) letIn(answer.permit);
    else if ('inMs' in answer) reject(new Refusal('tooMany', 429, Math.max(1, Math.ceil(answer.inMs / 1000)), answer.inMs));
    else
      reply.raw.once('close', () => {
        answer.leave();
        reject(new Refusal('badRequest', 400));
      });
  });
}
