import type { RequestDocument } from '../signing/request-document.ts';

/** An invented person's request, for tests. */
export const sampleRequest: RequestDocument = {
  title: 'Aangifte van adreswijziging',
  lines: [
    { label: 'Naam', value: 'Liselore Aimée Vandenhoutte-Proef' },
    { label: 'Nieuw adres', value: 'Proefstraat 12 bus 3, 8500 Kortrijk' },
    { label: 'Vanaf', value: '1 juli 2026' },
    { label: 'Opmerking', value: '' },
  ],
  statement: 'Ik verklaar dat deze gegevens juist zijn.',
  place: 'Kortrijk',
  date: new Date('2026-06-15T10:00:00Z'),
  language: 'nl',
};
