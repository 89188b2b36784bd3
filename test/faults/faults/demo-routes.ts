import { Agent, fetch } from 'undici';
import * as z from 'zod';
import type { DemoKeys } from '../../../middleware/demo-keys.ts';

/** The middleware's demo routes, asked past the line. */
export type DemoRoutes = {
  /** Null: it was not there, or was killed over it. */
  issueCode(origin: string, terminal: string): Promise<string | null>;
  /** How many of the newest thousand records wait for the worker; null as above. */
  countUnprocessed(origin: string): Promise<number | null>;
  close(): Promise<void>;
};

export function openDemoRoutes(keys: DemoKeys): DemoRoutes {
  const dispatcher = new Agent({ connect: { ca: keys.tls.root.pem } });
  const ask = async <T>(url: string, init: { method?: string; body?: string; headers?: Record<string, string> }, shape: z.ZodType<T>) => {
    try {
      const reply = await fetch(url, { ...init, dispatcher, signal: AbortSignal.timeout(5_000) });
      return shape.parse(await reply.json());
    } catch {
      return null;
    }
  };
  return {
    async issueCode(origin, terminal) {
      const body = JSON.stringify({ terminal, name: terminal });
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      return (await ask(`${origin}/demo/enrolments`, init, z.object({ code: z.string() })))?.code ?? null;
    },
    async countUnprocessed(origin) {
      const arrivals = await ask(`${origin}/demo/transactions`, {}, z.array(z.object({ state: z.string() })));
      return arrivals?.filter(({ state }) => state === 'received').length ?? null;
    },
    close: () => dispatcher.destroy(),
  };
}
