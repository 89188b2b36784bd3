import type { Response } from 'undici';
import { FileLine, type SourceAnswer } from '../../contract/file.ts';

/** A stream as it comes. */
export type LineReader = {
  /** Null: it is over. */
  next(): Promise<FileLine | null>;
  all(): Promise<FileLine[]>;
  leave(): Promise<void>;
};

export function readLines(response: Response): LineReader {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let rest = '';
  let isOver = reader === undefined;

  async function next(): Promise<FileLine | null> {
    while (lines.length === 0 && !isOver) {
      const part = await reader?.read();
      if (part === undefined || part.done) {
        isOver = true;
        if (rest !== '') throw new Error('a line that is cut off');
        break;
      }
      const pieces = (rest + decoder.decode(part.value as Uint8Array, { stream: true })).split('\n');
      rest = pieces.pop() ?? '';
      lines.push(...pieces);
    }
    const line = lines.shift();
    return line === undefined ? null : FileLine.parse(JSON.parse(line));
  }

  return {
    next,
    async all() {
      const found: FileLine[] = [];
      for (let line = await next(); line !== null; line = await next()) found.push(line);
      return found;
    },
    async leave() {
      await reader?.cancel();
    },
  };
}

/** What each source said: its state, or why it is silent. */
export function statesOf(lines: readonly FileLine[]): Record<string, string> {
  const answers = answersOf(lines);
  return Object.fromEntries(answers.map((answer) => [answer.source, answer.state === 'silent' ? `silent: ${answer.why}` : answer.state]));
}

export function answersOf(lines: readonly FileLine[]): SourceAnswer[] {
  return lines.flatMap((line) => (line.line === 'answer' ? [line.answer] : []));
}

export function endOf(lines: readonly FileLine[]): string {
  const last = lines.at(-1);
  return last?.line === 'end' ? last.why : 'broken off';
}
