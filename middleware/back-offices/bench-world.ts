import type { Subject } from '../../contract/file.ts';
import { makeDemoWorld } from './demo-world.ts';
import { slowMs } from './faults.ts';
import type { Office, World } from './start.ts';

/** How many of the sources never answer, and how many take five seconds. */
export const benchWorld = { dead: 10, slow: 20 } as const;

/**
 * The same 150 sources for measuring: the first ten never answer, the next twenty take five seconds, the others their
 * number of milliseconds; each that answers holds `itemsEach` items.
 */
export function makeBenchWorld({ itemsEach = 3, now = () => new Date() }: { itemsEach?: number; now?: () => Date } = {}): World {
  const demo = makeDemoWorld({ now });
  let held = itemsEach;
  const sources = demo.list.sources.map((source) => ({
    ...source,
    connection: { kind: 'http' as const, path: `/sources/${source.id}` },
  }));
  const places = new Map(sources.map(({ id }, at) => [id, at]));
  const officeOf = (source: string): Office => {
    const at = places.get(source) ?? 0;
    if (at < benchWorld.dead) return { latencyMs: 0, fault: 'dead' };
    return { latencyMs: at < benchWorld.dead + benchWorld.slow ? slowMs : at * 2, fault: 'none' };
  };
  return {
    ...demo,
    list: { ...demo.list, sources },
    officeOf,
    hold: (each) => {
      held = each;
    },
    answer: (source, subject) => ({
      asOf: now().toISOString(),
      items: Array.from({ length: held }, (_, nth) => makeItem(source, { nth, subject, now: now() })),
    }),
  };
}

function makeItem(source: string, { nth, subject, now }: { nth: number; subject: Subject; now: Date }): Record<string, unknown> {
  return {
    id: `${source}-${nth}`,
    kind: 'dossier',
    subject,
    title: { nl: `Dossier ${nth + 1} van ${source}`, fr: `Dossier ${nth + 1} de ${source}` },
    theme: 'citizen_and_government',
    on: new Date(now.getTime() - nth * 86_400_000).toISOString().slice(0, 10),
    phase: 'in_treatment',
    next: { nl: 'We behandelen het.', fr: 'Nous le traitons.' },
    number: `${nth + 1}`,
  };
}
