import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod';
import { endChild, keep } from '../../build/keeper.ts';
import { root } from '../../build/paths.ts';
import { WorkStopped } from '../../build/run.ts';
import { makeBenchWorld } from '../../middleware/back-offices/bench-world.ts';
import type { SourceList } from '../../middleware/sources/source-list.ts';

const Offices = z.object({ offices: z.array(z.object({ source: z.string(), answeredAt: z.number().nullable() })) });

export type BackOfficesProcess = {
  /** For the middleware's configuration: `sources`. */
  sources: { list: string | SourceList; base: string };
  /** As the operator's page does it in a demo. */
  set(source: string, change: { fault?: string; latencyMs?: number }): Promise<void>;
  /** A mother takes back what she gave, or gives it again. */
  withdraw(ssin: string, withdrawn: boolean): Promise<void>;
  /** In the scene that is for measuring: what each holds from now on. */
  hold(items: number): Promise<void>;
  /** When each answered last, by the system's clock in milliseconds; those that never did are not in it. */
  answerTimes(): Promise<Map<string, number>>;
  stop(): Promise<void>;
};

/** `bench`: 10 of them never answer and 20 take five seconds, and each holds `items`. */
export type Scene = { scene?: 'demo' | 'bench'; items?: number };

/** The 150 invented back offices, as a process of their own on a free port of this machine. */
export async function startBackOfficesProcess({ scene = 'demo', items = 3 }: Scene = {}): Promise<BackOfficesProcess> {
  const program = join(root, 'middleware/back-offices/main.ts');
  const child = keep(
    spawn(process.execPath, [program, '--scene', scene, '--items', String(items)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const base = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, address] = /^listening (\S+)$/m.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', () => reject(new WorkStopped('The invented back offices did not start.')));
    child.once('error', reject);
  });
  async function control(what: string, order: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(`${base}/control${what}`, { method: 'POST', headers, body: JSON.stringify(order) });
    if (!reply.ok) throw new Error(`the back offices refused: ${reply.status}`);
  }
  return {
    sources: { list: scene === 'bench' ? makeBenchWorld().list : join(root, 'middleware/back-offices/sources.json'), base },
    set: (source, change) => control('', { source, ...change }),
    hold: (items) => control('/items', { items }),
    async answerTimes() {
      const reply = await fetch(`${base}/control`);
      const { offices } = Offices.parse(await reply.json());
      return new Map(offices.flatMap(({ source, answeredAt }) => (answeredAt === null ? [] : [[source, answeredAt]])));
    },
    withdraw: (ssin, withdrawn) => control('/mandates', { ssin, withdrawn }),
    stop: () => endChild(child),
  };
}
