import { expect, it } from 'vitest';
import type { FileLine } from '../../contract/file.ts';
import { mediaType, problems } from '../../contract/wire.ts';
import { LineError } from '../sync/line-problem.ts';
import { createFileAsker } from './ask-file.ts';
import { createHandoverAsker, type HandoverAsk } from './ask-handover.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const sources: FileLine = { line: 'sources', subject: { kind: 'person', ssin: '80010199748' }, sources: [] };
const end: FileLine = { line: 'end', why: 'complete' };
const problem = (one: { type: string; title: string }, status: number) => JSON.stringify({ ...one, status });

type Said = { status?: number; type?: string; pieces?: (string | Uint8Array)[]; breaks?: boolean };

async function read({ status = 200, type = mediaType.lines, pieces = [], breaks = false }: Said) {
  const told: string[] = [];
  async function* body() {
    for (const piece of pieces) yield typeof piece === 'string' ? bytes(piece) : piece;
    if (breaks) throw new LineError('no_connection');
  }
  const line = {
    request: () => Promise.reject(new LineError('no_connection')),
    stream: async () => ({ status, mediaType: type, body: body() }),
  };
  const asker = createFileAsker({ line, terminal: 'kiosk-1', log: () => undefined });
  const ask = { visit: 'v', token: 't', actingAs: { kind: 'self' as const }, sources: [] };
  const ended = await asker.read(ask, (each) => told.push(each.line), new AbortController().signal);
  return [ended, told];
}

it('tells each line, and how it ended', async () => {
  expect(await read({ pieces: [`${JSON.stringify(sources)}\n${JSON.stringify(end)}\n`] })).toEqual(['complete', ['sources']]);
});

it.each<[string, Said, string]>([
  ['no JSON', { pieces: ['<html>\n'] }, 'not_believed'],
  ['JSON that is no line', { pieces: ['{"line":"verdict"}\n'] }, 'not_believed'],
  ['no UTF-8', { pieces: [Uint8Array.of(0x22, 0xff, 0x22, 10)] }, 'not_believed'],
  ['a line of 2 MiB', { pieces: [`"${'x'.repeat(2 * 1024 * 1024)}"\n`] }, 'not_believed'],
  ['100 MB', { pieces: Array.from({ length: 100 }, () => new Uint8Array(1024 * 1024).fill(32)) }, 'not_believed'],
  ['no end', { pieces: [`${JSON.stringify(sources)}\n`] }, 'no_line'],
  ['a line that breaks', { pieces: [`${JSON.stringify(sources)}\n`], breaks: true }, 'no_line'],
  ['another media type', { type: 'text/html', pieces: ['<p>'] }, 'no_line'],
  ['a grant that is over', { status: 401, type: mediaType.problem, pieces: [problem(problems.grantEnded, 401)] }, 'grant_ended'],
  ['a mandate that is gone', { status: 403, type: mediaType.problem, pieces: [problem(problems.noMandate, 403)] }, 'mandate_ended'],
  ['some other problem', { status: 503, type: mediaType.problem, pieces: [problem(problems.unavailable, 503)] }, 'no_line'],
  ['a problem without an end', { status: 401, type: mediaType.problem, pieces: ['x'.repeat(20_000)] }, 'no_line'],
])('answered with %s: %o', async (_what, said, ended) => {
  expect((await read(said))[0]).toBe(ended);
});

const ask: HandoverAsk = {
  visit: 'v',
  token: 't',
  actingAs: { kind: 'self' },
  item: { source: 'library', id: 'd-1' },
  way: 'phone',
  language: 'nl',
};

it.each<[string, number, string, object]>([
  ['a page that waits', 200, '{"status":"sent","to":"l•••@x.example"}', { ok: true, value: { status: 'sent', to: 'l•••@x.example' } }],
  ['a token that is none', 200, '{"status":"ready","token":"../../x","expiresInMs":1}', { ok: false, error: 'no_line' }],
  ['no JSON', 200, '<html>', { ok: false, error: 'no_line' }],
  ['a grant that is over', 401, problem(problems.grantEnded, 401), { ok: false, error: 'sign_in' }],
  ['something else', 500, 'null', { ok: false, error: 'no_line' }],
])('asked to hand something over, answered with %s', async (_what, status, text, outcome) => {
  const request = async () => ({ status, mediaType: mediaType.json, headers: {}, body: bytes(text) });
  expect(await createHandoverAsker({ line: { request }, terminal: 'kiosk-1', log: () => undefined })(ask)).toMatchObject(outcome);
});

it('without a line nothing is handed over, and nothing is thrown', async () => {
  const request = () => Promise.reject(new LineError('no_connection'));
  const asker = createHandoverAsker({ line: { request }, terminal: 'kiosk-1', log: () => undefined });
  expect(await asker(ask)).toEqual({ ok: false, error: 'no_line' });
});
