import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { checkEnterpriseNumber, checkNationalNumber } from '../../contract/check-numbers.ts';
import { FileItem, isSameSubject, type Subject } from '../../contract/file.ts';
import { readRoles } from '../roles/read-roles.ts';
import { cardHolders } from './card-holders.ts';
import { makeDemoWorld, sourceListFile } from './demo-world.ts';
import { familyOf, knownPeople } from './people.ts';

const now = () => new Date('2026-11-22T10:00:00.000Z');
const world = makeDemoWorld({ now });

function fileOf(subject: Subject): FileItem[] {
  return world.list.sources.flatMap(({ id }) => world.answer(id, subject).items.map((item) => FileItem.parse(item)));
}

test('150 sources, each with a name in four languages, some not connected', () => {
  expect(world.list.sources).toHaveLength(150);
  for (const { id, name } of world.list.sources) expect([id, Object.keys(name).sort()]).toEqual([id, ['de', 'en', 'fr', 'nl']]);
  expect(world.list.sources.filter(({ connection }) => connection.kind === 'not_connected').length).toBeGreaterThan(5);
  expect(JSON.parse(readFileSync(sourceListFile, 'utf8')).sources).toHaveLength(150);
});

test('whoever’s card is in the demo has a lively file, about nobody else, the same each time', () => {
  for (const { ssin, town, birthDate } of cardHolders) {
    const subject: Subject = { kind: 'person', ssin };
    const items = fileOf(subject);
    expect(items.every((item) => isSameSubject(item.subject, subject))).toBe(true);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(fileOf(subject)).toEqual(items);
    if (town === null || birthDate > '2008') continue;
    expect([ssin, items.length >= 25 && items.length <= 45, items.length]).toEqual([ssin, true, items.length]);
    expect(items.filter(({ action }) => action !== undefined).length).toBeGreaterThanOrEqual(2);
    expect(items.some((item) => item.kind === 'payment' && item.paidOn === null && item.on < '2024')).toBe(true);
  }
  const kinds = new Set(fileOf({ kind: 'person', ssin: '93031499871' }).map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(FileItem.options.map(({ shape }) => shape.kind.value).sort());
});

test('child, mother and enterprise: right numbers, roles that the middleware believes, files of their own', () => {
  const numbers = new Set<string>();
  for (const holder of cardHolders) {
    const family = familyOf(holder, now());
    if (family === null) continue;
    const { child, mother, enterprise } = family;
    for (const { ssin } of [holder, child, mother]) {
      expect([ssin, checkNationalNumber(ssin).ok, /^99[78]$/.test(ssin.slice(6, 9))]).toEqual([ssin, true, true]);
      numbers.add(ssin);
    }
    expect(checkEnterpriseNumber(enterprise.number).ok).toBe(true);
    for (const knows of ['enterprises', 'represented', 'mandates'] as const) {
      const roles = readRoles({ roles: world.rolesOf(knows, holder.ssin) }, { knows, ssin: holder.ssin, today: '2026-11-22' });
      expect([knows, roles?.length]).toEqual([knows, 1]);
    }
    expect(fileOf({ kind: 'enterprise', enterpriseNumber: enterprise.number }).length).toBeGreaterThanOrEqual(3);
  }
  expect(knownPeople(now()).size).toBeGreaterThan(60);
});

const Persona = z.object({
  identity: z.object({ nationalNumber: z.string(), surname: z.string(), firstNames: z.string() }).optional(),
  kind: z.string(),
});

test('the holders are those of the virtual card', () => {
  const file = new URL('../../native/virtual-card/personas.json', import.meta.url);
  const personas = z.array(Persona).parse(JSON.parse(readFileSync(file, 'utf8')));
  const cards = new Map(
    personas.flatMap(({ identity, kind }) => (identity === undefined || kind === 'tampered' ? [] : [[identity.nationalNumber, identity]])),
  );
  // The longest name that a card can carry says nothing here.
  cards.delete('82123199773');
  for (const [number, { surname, firstNames }] of cards) {
    const holder = cardHolders.find(({ ssin }) => ssin === number);
    expect([number, holder?.surname, holder?.firstNames]).toEqual([number, surname, firstNames]);
  }
});
