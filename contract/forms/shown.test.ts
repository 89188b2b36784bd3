import { describe, expect, it } from 'vitest';
import type { Answers } from '../answers.ts';
import { type Condition, holds } from '../condition.ts';
import { FormPage } from '../form.ts';
import { walkShown } from './shown.ts';

const words = { nl: 'x', fr: 'x', de: 'x', en: 'x' };
const page = (name: string, showIf?: Condition, fieldIf?: Condition) =>
  FormPage.parse({ name, question: words, showIf, fields: [{ name, control: 'text', label: words, missing: words, showIf: fieldIf }] });
const shownOf = (pages: FormPage[], answers: Answers) => walkShown({ pages }, answers).pages.map((shown) => shown.page.name);

describe('a condition', () => {
  const answers: Answers = { one: 'a', many: ['a', 'b'], yes: true, count: 3 };
  it.each<[Condition, boolean]>([
    [{ field: 'one', equals: 'a' }, true],
    [{ field: 'one', equals: 'b' }, false],
    [{ field: 'gone', equals: 'a' }, false],
    [{ field: 'many', equals: 'b' }, true],
    [{ field: 'many', in: ['c', 'b'] }, true],
    [{ field: 'count', in: [1, 2] }, false],
    [{ field: 'count', equals: 3 }, true],
    [{ field: 'yes', equals: true }, true],
    [{ not: { field: 'yes', equals: true } }, false],
    [
      {
        all: [
          { field: 'one', equals: 'a' },
          { field: 'yes', equals: true },
        ],
      },
      true,
    ],
    [
      {
        all: [
          { field: 'one', equals: 'a' },
          { field: 'yes', equals: false },
        ],
      },
      false,
    ],
    [
      {
        any: [
          { field: 'one', equals: 'z' },
          { field: 'yes', equals: true },
        ],
      },
      true,
    ],
    [{ any: [{ field: 'one', equals: 'z' }] }, false],
  ])('%j is %s', (condition, so) => {
    expect(holds(condition, answers)).toBe(so);
  });
});

describe('the pages that are asked', () => {
  const pages = [page('a'), page('b', { field: 'a', equals: 'yes' }), page('c', { field: 'b', equals: 'yes' })];

  it('follow the answers', () => {
    expect(shownOf(pages, {})).toEqual(['a']);
    expect(shownOf(pages, { a: 'yes', b: 'yes', c: 'x' })).toEqual(['a', 'b', 'c']);
  });

  it('are not decided by an answer that is itself asked no more, and it is not sent', () => {
    const { pages: shown, answers } = walkShown({ pages }, { a: 'no', b: 'yes', c: 'x' });
    expect([shown.map((each) => each.page.name), answers]).toEqual([['a'], { a: 'no' }]);
  });

  it('leave out a page of which no field is asked', () => {
    expect(shownOf([page('a'), page('b', undefined, { field: 'a', equals: 'yes' })], { a: 'no' })).toEqual(['a']);
  });
});
