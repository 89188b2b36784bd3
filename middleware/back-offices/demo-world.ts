import { readFileSync } from 'node:fs';
import { keyOfSubject } from '../../contract/file.ts';
import { SourceList } from '../sources/source-list.ts';
import { buildItem } from './build-item.ts';
import { between, chanceOf } from './chance.ts';
import type { Template } from './items/template.ts';
import { townItems } from './items/town-items.ts';
import { widerItems } from './items/wider-items.ts';
import { type Known, knownPeople, rolesOf } from './people.ts';
import type { Office, World } from './start.ts';

export const sourceListFile = new URL('./sources.json', import.meta.url);

/** What never changes in the demo, so that there is always one of each: one that says nothing, one that is old, a few that are slow. */
const silent = 'partner-water';
const stale = 'region-waste';
const slow: Readonly<Record<string, number>> = { 'federal-pension': 4_000, 'fl-study-grant': 2_500, 'fl-property-tax': 1_800 };

/** Nobody has everything that there is; these everybody has. */
const hadByAll: ReadonlySet<string> = new Set([
  ...['population', 'library', 'sports', 'desk', 'taxes', 'building', 'parking', 'civil-status'],
  ...['region-waste', 'federal-register', 'federal-mailbox', 'federal-companies', 'federal-social-security', 'fl-housing-premium'],
]);
const townNames: ReadonlySet<string> = new Set([
  ...['anzegem', 'avelgem', 'deerlijk', 'harelbeke', 'kortrijk', 'kuurne', 'lendelede', 'menen', 'spiere', 'waregem', 'wervik'],
  ...['wevelgem', 'zwevegem'],
]);
const staleDays = 3;
const dayMs = 86_400_000;

/** 150 sources over 13 towns, with what they hold about the people of the demo's cards. The same for the same seed and day. */
export function makeDemoWorld({ seed = 'loket', now = () => new Date() }: { seed?: string; now?: () => Date } = {}): World {
  const list = SourceList.parse(JSON.parse(readFileSync(sourceListFile, 'utf8')));
  const sources = new Map(list.sources.map((source) => [source.id, source]));
  return {
    list,
    officeOf: (source) => usualOffice(seed, source),
    answer(id, subject) {
      const source = sources.get(id);
      const known = knownPeople(now()).get(keyOfSubject(subject));
      const asOf = asOfFor(id, source?.freshFor ?? 60, now());
      if (source === undefined || known === undefined) return { asOf, items: [] };
      const given = { seed, source, subject, known, today: now() };
      return { asOf, items: templatesFor(id, known).map((template, nth) => buildItem(template, { ...given, nth })) };
    },
    rolesOf: (knows, ssin) => rolesOf(knows, ssin, now()),
  };
}

function usualOffice(seed: string, source: string): Office {
  const latencyMs = slow[source] ?? between(chanceOf(seed, 'latency', source), 20, 650);
  return { latencyMs, fault: source === silent ? 'dead' : 'none' };
}

/** Within what the source promises, but for the one that is behind. */
function asOfFor(id: string, freshForMinutes: number, now: Date): string {
  const age = id === stale ? staleDays * dayMs : chanceOf('age', id)() * freshForMinutes * 30_000;
  return new Date(now.getTime() - age).toISOString();
}

function templatesFor(id: string, known: Known): readonly Template[] {
  const dash = id.indexOf('-');
  const [place, system] = [id.slice(0, dash), id.slice(dash + 1)];
  const isOfTown = townNames.has(place);
  if (isOfTown && place !== known.town) return [];
  const all = (isOfTown ? townItems[system] : widerItems[id]) ?? [];
  const isHad = hadByAll.has(isOfTown ? system : id) || chanceOf('has', id, known.ssin)() < (isOfTown ? 0.3 : 0.65);
  return isHad ? all.filter(({ whom = ['adult', 'senior'] }) => whom.includes(known.whom)) : [];
}
