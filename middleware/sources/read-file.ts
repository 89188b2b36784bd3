import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FileLine, itemLimits, type SilentWhy, type Subject } from '../../contract/file.ts';
import { refuse } from '../../contract/result.ts';
import type { ItemProofs } from './item-proof.ts';
import { type Judged, judgeAnswer } from './judge-answer.ts';
import { type NoteParts, noteOutcome } from './note-outcome.ts';
import type { Lines } from './open-lines.ts';
import type { FileSource } from './sources.ts';
import { splitLines, writeLine } from './split-lines.ts';
import type { Over } from './watch-right.ts';

export type ReadFileParts = NoteParts & {
  prove: ItemProofs['prove'];
  now: () => Date;
  log: { error(fields: object, event: string): void };
};

export type Reading = {
  subject: Subject;
  sources: readonly FileSource[];
  switchedOff: ReadonlySet<string>;
  lines: Lines;
  /** Bytes that may wait for one slow reader. A source that does not fit any more is said to be too much. */
  mostWaiting: number;
  /** The right to read ended: `reason` says which. */
  over: AbortSignal;
};

const askedAtOnce = 10;

/**
 * Asks every source at one time and passes on each answer the moment it is there. Never rejects for what a source does.
 * Ends the stream; when whoever reads is gone, it ends the questions instead.
 */
export async function readFile(parts: ReadFileParts, reading: Reading): Promise<void> {
  const { lines, over, sources, subject, switchedOff } = reading;
  const stop = AbortSignal.any([lines.gone, over]);
  const info = sources.map((source) => source.info);
  const end = (why: 'complete' | Over) => lines.end(writeLine({ line: 'end', why }));
  if (!over.aborted) over.addEventListener('abort', () => end(over.reason as Over), { once: true });

  const asked = sources.filter(({ info: { id }, read }) => read !== null && !switchedOff.has(id));
  const first: FileLine[] = [{ line: 'sources', subject, sources: info }];
  for (const { info: source, read } of sources) {
    if (switchedOff.has(source.id)) first.push({ line: 'answer', answer: { source: source.id, state: 'switched_off' } });
    else if (read === null) first.push({ line: 'answer', answer: { source: source.id, state: 'not_connected' } });
  }
  const answers = [lines.write(first.map(writeLine))];
  const counted = { items: 0 };
  for (const [at, source] of asked.entries()) {
    // Asking is work as well: what is there already leaves in between.
    if (at % askedAtOnce === 0) await nextTurn();
    if (stop.aborted) break;
    answers.push(askOne(parts, reading, { source, stop, counted }));
  }
  await Promise.all(answers);
  if (!stop.aborted) end('complete');
}

type One = { source: FileSource; stop: AbortSignal; counted: { items: number } };

async function askOne(parts: ReadFileParts, { subject, lines, mostWaiting }: Reading, { source, stop, counted }: One): Promise<void> {
  const { id } = source.info;
  let texts: string[] | SilentWhy;
  try {
    texts = await answerOf(parts, { source, subject, stop, counted, room: () => mostWaiting - lines.waiting() });
  } catch (error) {
    if (stop.aborted) return;
    // Our own mistake with one source takes nothing from the others.
    parts.log.error({ err: error, source: id }, 'source_failed');
    texts = 'failed';
  }
  if (stop.aborted) return;
  if (typeof texts === 'string') {
    noteOutcome(parts, id, refuse(texts));
    texts = [writeLine({ line: 'answer', answer: { source: id, state: 'silent', why: texts } })];
  }
  await lines.write(texts);
}

type Answering = { source: FileSource; subject: Subject; stop: AbortSignal; counted: { items: number }; room(): number };

async function answerOf(parts: ReadFileParts, asking: Answering): Promise<string[] | SilentWhy> {
  const { now, prove } = parts;
  const { source, subject, stop, counted } = asking;
  const asked = (await source.read?.(subject, stop)) ?? { ok: false as const, error: 'failed' as const };
  if (!asked.ok) return asked.error;
  const judged = await judgeAnswer(asked.value, { subject, freshForMs: source.freshForMs, now });
  if (!judged.ok) return judged.error;
  const texts = fits(judged.value, counted) ? splitLines(source.info.id, judged.value, prove) : null;
  if (texts === null || texts.reduce((sum, text) => sum + text.length, 0) > asking.room()) return 'too_much';
  noteOutcome(parts, source.info.id, judged);
  return texts;
}

/** Of the whole file; and nobody waits for what the terminal would not hold. */
function fits({ items }: Judged, counted: { items: number }): boolean {
  if (counted.items + items.length > itemLimits.perFile) return false;
  counted.items += items.length;
  return true;
}
