import {
  type ActingAs,
  type FileItem,
  type FileLine,
  isSameSubject,
  itemLimits,
  type SilentWhy,
  type SourceAnswer,
  type SourceInfo,
  type SourceState,
  type Subject,
} from '../../contract/file.ts';
import type { FileEnd } from '../../contract/file-view.ts';

/** What of a person's file this visit has seen. In memory, in the visit, and nowhere else. */
export type SeenFile = {
  /** Random, of one reading: what comes of another is not heard. */
  reading: string;
  actingAs: ActingAs;
  /** Whom all of it has to be about. */
  subject: Subject;
  /** Whom to ask; empty: all. */
  asks: readonly string[];
  end: FileEnd | null;
  sources: ReadonlyMap<string, SeenSource>;
};

export type SeenSource = {
  info: SourceInfo;
  /** `asked`: it has not answered yet. */
  state: SourceState | 'asked' | 'broken_off';
  asOf: string | null;
  why: SilentWhy | null;
  items: readonly FileItem[];
  /** Ids that are here already: a source that says something twice is believed once. */
  ids: ReadonlySet<string>;
};

export function beginFile(reading: string, actingAs: ActingAs, subject: Subject): SeenFile {
  return { reading, actingAs, subject, asks: [], end: null, sources: new Map() };
}

/** Another reading of the same file: all sources, or those that somebody asks once more. What the others said stays. */
export function readAgain(file: SeenFile, reading: string, asks: readonly string[]): SeenFile {
  const sources = new Map(file.sources);
  for (const [id, seen] of sources) {
    if (asks.length === 0 || asks.includes(id)) sources.set(id, { ...unanswered(seen.info) });
  }
  return { ...file, reading, asks, end: null, sources };
}

/** Those that have not said their word, or were cut off in the middle of it. */
export function listUnanswered({ sources }: SeenFile): string[] {
  return [...sources.values()].filter(({ state }) => state === 'asked' || state === 'broken_off').map(({ info }) => info.id);
}

/**
 * Takes one line. The check that nothing of another person is ever drawn is here: whatever names another subject makes its
 * source one that says nothing, and what came of it before is taken back.
 */
export function hearLine(file: SeenFile, line: FileLine): SeenFile {
  if (file.end !== null) return file;
  switch (line.line) {
    case 'sources':
      if (!isSameSubject(line.subject, file.subject)) return endFile(file, 'not_believed');
      return { ...file, sources: new Map([...file.sources, ...line.sources.map((info) => [info.id, unanswered(info)] as const)]) };
    case 'answer':
      return hearAnswer(file, line.answer);
    case 'end':
      return endFile(file, line.why);
  }
}

/** What has not answered by then is not known to be silent. A reading that is not believed leaves nothing. */
export function endFile(file: SeenFile, end: FileEnd): SeenFile {
  if (file.end !== null) return file;
  if (end === 'not_believed' || end === 'not_recorded' || end === 'mandate_ended') return { ...file, end, sources: new Map() };
  const sources = new Map(file.sources);
  for (const [id, seen] of sources)
    if (seen.state === 'asked') sources.set(id, { ...seen, state: 'broken_off', items: [], ids: new Set() });
  return { ...file, end, sources };
}

function unanswered(info: SourceInfo): SeenSource {
  return { info, state: 'asked', asOf: null, why: null, items: [], ids: new Set() };
}

function hearAnswer(file: SeenFile, answer: SourceAnswer): SeenFile {
  const seen = file.sources.get(answer.source);
  // Nobody asked it, or it has said all it had to say.
  if (seen?.state !== 'asked') return file;
  return { ...file, sources: new Map(file.sources).set(answer.source, judge(file, seen, answer)) };
}

function judge(file: SeenFile, seen: SeenSource, answer: SourceAnswer): SeenSource {
  const { info } = seen;
  if (answer.state === 'silent') return silent(info, answer.why);
  if (answer.state === 'not_connected' || answer.state === 'switched_off') return { ...unanswered(info), state: answer.state };
  if (answer.items.some(({ subject }) => !isSameSubject(subject, file.subject))) return silent(info, 'not_yours');
  const fresh = answer.items.filter(({ id }, at, all) => !seen.ids.has(id) && all.findIndex((other) => other.id === id) === at);
  const items = [...seen.items, ...fresh];
  if (items.length > itemLimits.perSource || countItems(file) + fresh.length > itemLimits.perFile) return silent(info, 'too_much');
  const state = answer.more ? 'asked' : answer.state;
  return { info, state, asOf: answer.asOf, why: null, items, ids: new Set([...seen.ids, ...fresh.map(({ id }) => id)]) };
}

function silent(info: SourceInfo, why: SilentWhy): SeenSource {
  return { ...unanswered(info), state: 'silent', why };
}

function countItems({ sources }: SeenFile): number {
  let count = 0;
  for (const { items } of sources.values()) count += items.length;
  return count;
}
