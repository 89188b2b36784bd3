import { expect, test } from 'vitest';
import type { ActingAs, Subject } from '../../contract/file.ts';
import { people } from '../testing/small-world.ts';
import { createItemProofs } from './item-proof.ts';

const { prove, judge } = createItemProofs(Buffer.alloc(32, 1));
const person = (ssin: string): Subject => ({ kind: 'person', ssin });
const enterprise: Subject = { kind: 'enterprise', enterpriseNumber: people.enterprise };
const mother: ActingAs = { kind: 'person', ssin: people.mother, basis: 'mandate' };
const owner: ActingAs = { kind: 'enterprise', enterpriseNumber: people.enterprise, role: 'zaakvoerder' };
const item = (subject: Subject) => ({ source: 'library', id: 'd-1', proof: prove('library', { id: 'd-1', subject }) });

test.each<[string, Subject, ActingAs | undefined, string | null, 'theirs' | 'not_theirs']>([
  ['their own', person(people.self), undefined, people.self, 'theirs'],
  ['their own, said aloud', person(people.self), { kind: 'self' }, people.self, 'theirs'],
  ['of whom they act for', person(people.mother), mother, people.self, 'theirs'],
  ['of their enterprise', enterprise, owner, people.self, 'theirs'],
  ['somebody else’s', person(people.mother), undefined, people.self, 'not_theirs'],
  ['their own, in another’s name', person(people.self), mother, people.self, 'not_theirs'],
  ['an enterprise’s, in their own name', enterprise, undefined, people.self, 'not_theirs'],
  ['of whom nothing proves', person(people.self), undefined, null, 'not_theirs'],
])('an item that is %s', (_what, subject, actingAs, holder, judged) => {
  expect(judge({ answersItem: item(subject), actingAs }, holder)).toBe(judged);
});

test('the word is about one item of one source, by these keys', () => {
  const right = item(person(people.self));
  const others = createItemProofs(Buffer.alloc(32, 2)).prove('library', { id: 'd-1', subject: person(people.self) });
  for (const answersItem of [
    { ...right, id: 'd-2' },
    { ...right, source: 'taxes' },
    { ...right, proof: others },
  ])
    expect(judge({ answersItem }, people.self)).toBe('not_theirs');
});

test('a record that answers nothing has nothing to be wrong about', () => {
  expect(judge({}, null)).toBe('theirs');
});
