import { expect, test } from 'vitest';
import type { ActingAs } from '../../contract/file.ts';
import { people } from '../testing/small-world.ts';
import { readRoles } from './read-roles.ts';

const today = '2026-11-22';
const child: ActingAs = { kind: 'person', ssin: people.child, basis: 'parent' };
const mandate: ActingAs = { kind: 'person', ssin: people.mother, basis: 'mandate' };
const enterprise: ActingAs = { kind: 'enterprise', enterpriseNumber: people.enterprise, role: 'bestuurder' };

const answer = (as: unknown, more: object = {}) => ({ roles: [{ as, name: 'Iemand', seat: null, until: null, ...more }] });
const read = (raw: unknown, knows: 'enterprises' | 'represented' | 'mandates') => readRoles(raw, { knows, ssin: people.self, today });

test('what each source knows', () => {
  expect(read(answer(enterprise, { seat: 'Zandkapelstraat 18' }), 'enterprises')).toEqual([
    { as: enterprise, name: 'Iemand', seat: 'Zandkapelstraat 18', until: null },
  ]);
  expect(read(answer(mandate, { until: '2027-01-31' }), 'mandates')).toMatchObject([{ until: '2027-01-31' }]);
});

test('a source that speaks of what another source knows is not believed', () => {
  for (const [as, knows] of [
    [mandate, 'represented'],
    [mandate, 'enterprises'],
    [child, 'mandates'],
    [enterprise, 'mandates'],
    [{ kind: 'self' }, 'represented'],
  ] as const)
    expect([knows, read(answer(as, { birthDate: '2016-04-11' }), knows)]).toEqual([knows, null]);
});

test('a child is one until the day before eighteen, by the register’s date and not by the number', () => {
  const bornOn = (birthDate: string) => read(answer(child, { birthDate }), 'represented');
  expect(bornOn('2016-04-11')).toMatchObject([{ until: '2034-04-10' }]);
  expect(bornOn('2008-11-23')).toMatchObject([{ until: '2026-11-22' }]);
  expect(bornOn('2008-11-22')).toEqual([]);
  expect(bornOn('2008-02-29')).toEqual([]);
  expect(read(answer(child), 'represented')).toBeNull();
  expect(read(answer({ ...child, basis: 'guardian' }), 'represented')).toMatchObject([{ until: null }]);
});

test('what is over is no role any more', () => {
  expect(read(answer(mandate, { until: '2026-11-22' }), 'mandates')).toHaveLength(1);
  expect(read(answer(mandate, { until: '2026-11-21' }), 'mandates')).toEqual([]);
});

test('a wrong check number, oneself, or no answer at all spoils it', () => {
  expect(read(answer({ ...enterprise, enterpriseNumber: '1999900172' }), 'enterprises')).toBeNull();
  expect(read(answer({ ...mandate, ssin: '61112899806' }), 'mandates')).toBeNull();
  expect(read(answer({ ...mandate, ssin: people.self }), 'mandates')).toBeNull();
  for (const raw of [null, {}, { roles: [{}] }, answer(mandate, { name: '' }), answer(mandate, { until: 'ooit' })])
    expect(read(raw, 'mandates')).toBeNull();
});
