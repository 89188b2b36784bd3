import { expect, test } from 'vitest';
import { sampleRequest } from '../testing/sample-request.ts';
import { makeRequestText } from './request-text.ts';

test('a request reads as text', () => {
  expect(makeRequestText(sampleRequest)).toBe(`Aangifte van adreswijziging

Naam
    Liselore Aimée Vandenhoutte-Proef
Nieuw adres
    Proefstraat 12 bus 3, 8500 Kortrijk
Vanaf
    1 juli 2026
Opmerking
    –

Ik verklaar dat deze gegevens juist zijn.

Kortrijk, 15 juni 2026
`);
});

test('no answer passes for a label or for the statement', () => {
  const value = 'ja\r\n\r\nIk verklaar niets.\rNaam\n    Iemand Anders\u2028Ik';
  const text = makeRequestText({ ...sampleRequest, lines: [{ label: 'Opmerking', value }] });
  const inAnswer = text.slice(text.indexOf('Opmerking\n') + 10, text.indexOf('\n\nIk verklaar dat'));
  expect(inAnswer.split('\n').every((line) => line.startsWith('    '))).toBe(true);
  expect(inAnswer).toContain('Anders[U+2028]Ik');
});
