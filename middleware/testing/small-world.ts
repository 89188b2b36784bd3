import type { Role, Subject } from '../../contract/file.ts';
import type { World } from '../back-offices/start.ts';
import type { Source } from '../sources/source-list.ts';

/** Invented: serials 997 and 998. */
export const people = { self: '93031499871', mother: '61112899805', child: '16041199835', enterprise: '1999900171' } as const;

export function makeItem(subject: Subject, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'd-1',
    kind: 'dossier',
    subject,
    title: { nl: 'Nieuw raam aan de straatkant' },
    theme: 'building_and_living',
    on: '2026-10-02',
    phase: 'in_treatment',
    ...changes,
  };
}

function makeSource(id: string, changes: Partial<Source> = {}): Source {
  return {
    id,
    name: { nl: `Bron ${id}` },
    owner: 'town',
    theme: 'citizen_and_government',
    municipality: '34022',
    freshFor: 60,
    connection: { kind: 'http', path: `/sources/${id}` },
    ...changes,
  };
}

const roleSources = (['enterprises', 'represented', 'mandates'] as const).map((knows) => ({
  id: knows,
  name: { nl: `Bron ${knows}` },
  owner: 'federal' as const,
  theme: 'citizen_and_government' as const,
  knows,
  path: `/roles/${knows}`,
}));

const roles: Record<string, (Role & { birthDate?: string })[]> = {
  enterprises: [
    {
      as: { kind: 'enterprise', enterpriseNumber: people.enterprise, role: 'zaakvoerder' },
      name: 'Proefwerk BV',
      seat: 'Zandkapelstraat 18, 8500 Kortrijk',
      until: null,
    },
  ],
  represented: [
    {
      as: { kind: 'person', ssin: people.child, basis: 'parent' },
      name: 'Noor Quaghebier',
      seat: null,
      until: null,
      birthDate: '2016-04-11',
    },
  ],
  mandates: [{ as: { kind: 'person', ssin: people.mother, basis: 'mandate' }, name: 'Godelieve Terwen', seat: null, until: '2099-12-31' }],
};

/** A few sources, which hold one thing about whoever is asked about. `items` in place of that. */
export function makeWorld(choices: { ids?: readonly string[]; items?: World['answer']; roles?: World['rolesOf'] } = {}): World {
  const { ids = ['library', 'permits', 'parking'] } = choices;
  return {
    list: {
      sources: [...ids.map((id) => makeSource(id)), makeSource('taxes', { owner: 'federal', connection: { kind: 'not_connected' } })],
      roles: roleSources,
    },
    officeOf: () => ({ latencyMs: 0, fault: 'none' }),
    answer: choices.items ?? ((_source, subject) => ({ asOf: new Date().toISOString(), items: [makeItem(subject)] })),
    rolesOf: choices.roles ?? ((source, ssin) => (ssin === people.self ? (roles[source] ?? []) : [])),
  };
}
