import { describe, expect, it } from 'vitest';
import { Field } from '../../contract/form.ts';
import { createValidator } from '../../contract/forms/formats.ts';
import { demoMap } from '../demo/demo-map.ts';
import { readAnswer } from './read-answer.ts';
import { sayAnswer, writeTyped } from './write-answer.ts';

const field = Field.parse({ name: 'place', control: 'place', label: { nl: 'Waar?' }, missing: { nl: 'Zeg waar.' } });
const typed = { 'place.description': 'aan de fontein', 'place.street': '', 'place.streetId': '', 'place.x': '572230', 'place.y': '669250' };
const read = (more: Record<string, string> = {}, map: typeof demoMap | null = demoMap) =>
  readAnswer(field, { ...typed, ...more }, { streets: null, map });
const fits = createValidator({ testNumbers: false }).compile({ $ref: 'urn:loket:answer:place' });

describe('a place that was pointed at', () => {
  it('keeps the words, and has its point in both systems with the day of the map', () => {
    const answer = read();
    expect(answer).toEqual({
      description: 'aan de fontein',
      x: '572230',
      y: '669250',
      lat: expect.stringMatching(/^50\.828\d{3}$/),
      lon: expect.stringMatching(/^3\.264\d{3}$/),
      mapOf: demoMap.asOf,
    });
    expect(fits(answer)).toBe(true);
  });

  it('goes back into its boxes, and comes out the same', () => {
    const answer = read();
    const boxes = writeTyped(field, answer);
    expect(boxes).toEqual({ 'place.description': 'aan de fontein', 'place.x': '572230', 'place.y': '669250' });
    expect(readAnswer(field, boxes, { streets: null, map: demoMap })).toEqual(answer);
  });

  it('says so on the check page, in words', () => {
    expect(sayAnswer(field, read(), 'nl')).toBe('aan de fontein\nAangewezen op de plattegrond');
    expect(sayAnswer(field, read(), 'de')).toBe('aan de fontein\nAuf dem Plan gezeigt');
    expect(sayAnswer(field, read({ 'place.x': '' }), 'nl')).toBe('aan de fontein');
  });

  it.each([
    ['off the map', { 'place.x': '649328', 'place.y': '665262' }, demoMap],
    ['of no number', { 'place.x': '572230; drop' }, demoMap],
    ['half', { 'place.y': '' }, demoMap],
    ['on a map that is not here any more', {}, null],
  ])('is words alone when its point is %s', (_what, more, map) => {
    expect(read(more, map)).toEqual({ description: 'aan de fontein' });
  });

  it('is not answered by a point alone: who hears it needs words', () => {
    expect(read({ 'place.description': '' })).toBeUndefined();
  });

  it.each([
    ['half a point', { x: '572230' }],
    ['a point without its degrees', { x: '572230', y: '669250', mapOf: '2026-10-01' }],
    ['degrees of elsewhere', { x: '572230', y: '669250', lat: '-50.8286', lon: '3.264900', mapOf: '2026-10-01' }],
  ])('is refused by the middleware with %s', (_what, point) => {
    expect(fits({ description: 'aan de fontein', ...point })).toBe(false);
  });
});
