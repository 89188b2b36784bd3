import { expect, it } from 'vitest';
import { type FileItem, type FileLine, itemLimits, type SourceInfo, type Subject } from '../../contract/file.ts';
import { beginFile, endFile, hearLine, listUnanswered, readAgain, type SeenFile } from './seen-file.ts';

const own: Subject = { kind: 'person', ssin: '80010199748' };
const other: Subject = { kind: 'person', ssin: '80010199847' };
const info = (id: string): SourceInfo => ({ id, name: { nl: id }, owner: 'town', theme: 'citizen_and_government' });
const message = (id: string, subject: Subject = own): FileItem => ({
  id,
  subject,
  kind: 'message',
  title: { nl: id },
  theme: 'citizen_and_government',
  on: '2026-11-20',
  text: { nl: id },
  read: false,
});
const sources = (...ids: string[]): FileLine => ({ line: 'sources', subject: own, sources: ids.map(info) });
const answer = (source: string, items: FileItem[], more = false): FileLine => ({
  line: 'answer',
  answer: { source, state: 'fresh', asOf: '2026-11-22T09:00:00Z', items, more },
});
const hear = (...lines: FileLine[]): SeenFile => lines.reduce(hearLine, beginFile('r1', { kind: 'self' }, own));
const idsOf = (file: SeenFile, source: string) => file.sources.get(source)?.items.map(({ id }) => id);
const stateOf = (file: SeenFile, source: string) => [file.sources.get(source)?.state, file.sources.get(source)?.why];

it('names every source that is asked, and takes each answer as it comes', () => {
  const file = hear(sources('a', 'b'), answer('b', [message('1')]));
  expect([...file.sources.keys()]).toEqual(['a', 'b']);
  expect([stateOf(file, 'a'), stateOf(file, 'b'), idsOf(file, 'b')]).toEqual([['asked', null], ['fresh', null], ['1']]);
});

it('takes an answer in pieces, and is not answered before the last', () => {
  const half = hear(sources('a'), answer('a', [message('1')], true));
  expect([stateOf(half, 'a'), idsOf(half, 'a')]).toEqual([['asked', null], ['1']]);
  const whole = hearLine(half, answer('a', [message('2')]));
  expect([stateOf(whole, 'a'), idsOf(whole, 'a')]).toEqual([
    ['fresh', null],
    ['1', '2'],
  ]);
});

it('believes nothing of a file that is about somebody else', () => {
  const file = hear({ line: 'sources', subject: other, sources: [info('a')] }, answer('a', [message('1', other)]));
  expect([file.end, file.sources.size]).toEqual(['not_believed', 0]);
});

it.each<[string, FileItem[][]]>([
  ['one among one’s own', [[message('1'), message('2', other)]]],
  ['in a later piece', [[message('1')], [message('2', other)]]],
  ['an enterprise’s', [[message('1', { kind: 'enterprise', enterpriseNumber: '0207494678' })]]],
])('draws no item of another person, and takes back what that source said: %s', (_what, pieces) => {
  const lines = pieces.map((items, at) => answer('a', items, at < pieces.length - 1));
  const file = hear(sources('a', 'b'), answer('b', [message('9')]), ...lines);
  expect([stateOf(file, 'a'), idsOf(file, 'a'), idsOf(file, 'b')]).toEqual([['silent', 'not_yours'], [], ['9']]);
});

it('believes an item once, however often its source says it', () => {
  const file = hear(sources('a'), answer('a', [message('1'), message('1')], true), answer('a', [message('1'), message('2')]));
  expect(idsOf(file, 'a')).toEqual(['1', '2']);
});

it('hears nobody who was not asked, and nobody twice', () => {
  const file = hear(sources('a'), answer('b', [message('1')]), answer('a', [message('1')]), answer('a', [message('2')]));
  expect([[...file.sources.keys()], idsOf(file, 'a')]).toEqual([['a'], ['1']]);
});

it('stops taking from a source that gives more than anybody has', () => {
  const piece = (from: number) => Array.from({ length: itemLimits.perLine }, (_, at) => message(String(from + at)));
  const lines = Array.from({ length: itemLimits.perSource / itemLimits.perLine + 1 }, (_, at) =>
    answer('a', piece(at * itemLimits.perLine), true),
  );
  const file = hear(sources('a', 'b'), ...lines, answer('b', [message('1')]));
  expect([stateOf(file, 'a'), idsOf(file, 'a'), idsOf(file, 'b')]).toEqual([['silent', 'too_much'], [], ['1']]);
});

it('holds no more than one visit may, however many sources say it', () => {
  const piece = (from: number) => Array.from({ length: itemLimits.perLine }, (_, at) => message(String(from + at)));
  const full = Array.from({ length: itemLimits.perFile / itemLimits.perSource }, (_, nth) => `full-${nth}`);
  const lines = full.flatMap((id) =>
    Array.from({ length: itemLimits.perSource / itemLimits.perLine }, (_, at) => answer(id, piece(at * itemLimits.perLine), true)),
  );
  const file = hear(sources(...full, 'last'), ...lines, answer('last', [message('1')]));
  expect([stateOf(file, 'last'), idsOf(file, 'last')]).toEqual([['silent', 'too_much'], []]);
  expect(full.map((id) => idsOf(file, id)?.length)).toEqual(full.map(() => itemLimits.perSource));
});

it('says of those that a broken line cut off that they were cut off, and asks them again', () => {
  const half = hear(sources('a', 'b', 'c'), answer('a', [message('1')]), answer('b', [message('2')], true));
  const ended = endFile(half, 'no_line');
  expect(['a', 'b', 'c'].map((id) => [...stateOf(ended, id), idsOf(ended, id)?.length])).toEqual([
    ['fresh', null, 1],
    ['broken_off', null, 0],
    ['broken_off', null, 0],
  ]);
  expect(listUnanswered(ended)).toEqual(['b', 'c']);
  const again = readAgain(ended, 'r2', ['b', 'c']);
  expect([again.reading, again.end, stateOf(again, 'b'), idsOf(again, 'a')]).toEqual(['r2', null, ['asked', null], ['1']]);
});

it.each(['not_believed', 'not_recorded', 'mandate_ended'] as const)('shows nothing any more after %s', (end) => {
  expect(endFile(hear(sources('a'), answer('a', [message('1')])), end).sources.size).toBe(0);
});

it('hears nothing after its end', () => {
  const ended = hear(sources('a'), { line: 'end', why: 'complete' });
  expect(hearLine(ended, answer('a', [message('1')]))).toBe(ended);
});
