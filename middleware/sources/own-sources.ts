import type { SourceInfo, Subject } from '../../contract/file.ts';
import { ok } from '../../contract/result.ts';
import { readConsultations } from '../consultations/source.ts';
import { profileSource, readProfileItems } from '../profile/source.ts';
import type { Queries } from '../store/database.ts';
import { readOwnCases } from './own-cases.ts';
import { createProductNames } from './product-names.ts';
import type { ownIds } from './source-list.ts';
import type { FileSource } from './sources.ts';

const minute = 60_000;

/** What this middleware itself holds is a source like any other: the same envelope, and the same look at each item. */
export function ownSources({ database, now }: { database: Queries; now: () => Date }): FileSource[] {
  const productNames = createProductNames(database);
  const source = (
    info: SourceInfo & { id: (typeof ownIds)[number] },
    read: (queries: Queries, subject: Subject) => Promise<Record<string, unknown>[]>,
  ): FileSource => ({
    info,
    freshForMs: minute,
    read: async (subject) => ok({ asOf: now().toISOString(), items: await read(database, subject) }),
  });
  return [
    source(
      {
        id: 'loket',
        name: { nl: 'Loket', fr: 'Loket', de: 'Loket', en: 'Loket' },
        owner: 'region',
        theme: 'citizen_and_government',
        help: {
          nl: 'Met de code op uw ticket, aan elk loket',
          fr: 'Avec le code de votre ticket, à chaque guichet',
          de: 'Mit dem Code auf Ihrem Ticket, an jedem Schalter',
          en: 'With the code on your ticket, at any desk',
        },
      },
      async (queries, subject) => readOwnCases(queries, subject, await productNames()),
    ),
    source(
      {
        id: 'consultations',
        name: {
          nl: 'Wie uw gegevens bekeek',
          fr: 'Qui a consulté vos données',
          de: 'Wer Ihre Daten angesehen hat',
          en: 'Who looked at your data',
        },
        owner: 'region',
        theme: 'citizen_and_government',
      },
      readConsultations,
    ),
    source(profileSource, readProfileItems),
  ];
}
