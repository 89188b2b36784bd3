import { beforeEach, expect, it } from 'vitest';
import type { FileItem, FileLine, Role, SourceInfo } from '../../../contract/file.ts';
import type { FileEnd } from '../../../contract/file-view.ts';
import { ok, refuse } from '../../../contract/result.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import type { TransactionContent } from '../../../contract/transaction.ts';
import type { FileAsker } from '../../file/ask-file.ts';
import { ada } from '../../testing/people.ts';
import { play, put } from '../../testing/play-visit.ts';
import type { VisitEvent } from '../state.ts';
import { createFileReading, type FileReading } from './read-file.ts';

const evidence = {
  token: { unverifiedCertificate: '', algorithm: 'ES384', signature: '', format: 'web-eid:1.0', appVersion: '' },
  issuer: '',
  nonce: '',
  origin: '',
} as const;
const grant = { token: 'g'.repeat(43), expiresInMs: 600_000 };
const { visit, state } = play(...put(), { type: 'file', line: 'up' }, { type: 'signed_in', attempt: 'id-4', evidence, grant });
const info: SourceInfo = { id: 'a', name: { nl: 'a' }, owner: 'town', theme: 'citizen_and_government' };
const first: FileLine = { line: 'sources', subject: { kind: 'person', ssin: ada.nationalNumber }, sources: [info] };
const message: FileItem = {
  id: '1',
  subject: { kind: 'person', ssin: ada.nationalNumber },
  kind: 'message',
  title: { nl: 'Bericht' },
  theme: 'citizen_and_government',
  on: '2026-11-20',
  text: { nl: 'Bericht' },
  read: false,
};
const answerOf = (items: FileItem[]): FileLine => ({
  line: 'answer',
  answer: { source: 'a', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items, more: false },
});
const second = answerOf([]);
const mira: Role = { as: { kind: 'person', ssin: '85051299775', basis: 'mandate' }, name: 'Mira Voorbeeld', seat: null, until: null };

let happened: string[];
let kept: TransactionContent[];
let keeps: boolean;
let lines: FileLine[];
let during: () => void;
let reading: FileReading;

const fileAsker: FileAsker = {
  async read(_ask, tell, signal): Promise<FileEnd> {
    for (const line of lines) {
      await null;
      during();
      if (signal.aborted) return 'no_line';
      tell(line);
    }
    return signal.aborted ? 'no_line' : 'complete';
  },
  findRoles: async () => ok({ roles: [mira], silent: [] }),
  endGrant: async () => undefined,
};

beforeEach(() => {
  happened = [];
  kept = [];
  keeps = true;
  lines = [first, second];
  during = () => undefined;
  reading = createFileReading({
    config: { terminal: 'kiosk-1', municipality: { code: '34022', prefix: 'KTR' } } as TerminalConfig,
    fileAsker,
    catalogue: {
      suggestions: [
        { id: 'x', about: { product: 'x' }, when: { all: [{ age: { from: 65 } }, { item: { kind: 'loan' } }] }, because: { nl: 'omdat' } },
      ],
    },
    outbox: {
      keep(content) {
        happened.push('keep');
        kept.push(content);
        return keeps
          ? ok({ txId: content.txId, reference: content.reference, keptAt: '', ticket: {} as never })
          : refuse('disk_full' as const);
      },
    },
    sync: null,
    clock: { wall: () => new Date('2026-11-22T10:00:00Z'), ticks: () => 0 },
    log: () => undefined,
    state: () => ({ ...state, language: 'fr' }),
    dispatch: (event: VisitEvent) => happened.push(told(event)),
  });
});

function told(event: VisitEvent): string {
  if (event.type === 'file_line') return event.line.line;
  return event.type === 'file_end' ? event.end : event.type;
}

const read = () => reading.read({ errand: 'read_file', visit, reading: 'id-5', sources: [] });

it('is written down, with who looked and whom was asked, before anything of it is heard', async () => {
  await read();
  expect(happened).toEqual(['keep', 'sources', 'answer', 'complete']);
  const look = { by: ada.nationalNumber, role: 'citizen', actingAs: { kind: 'self' }, sources: ['a'], kinds: [] };
  expect(kept[0]?.consultation).toMatchObject(look);
  expect(kept[0]?.language).toBe('nl');
});

it('says which kinds were read once that is known, of the same moment; a source with nothing is not among them', async () => {
  lines = [{ ...first, sources: [info, { ...info, id: 'b' }] }, answerOf([message])];
  await read();
  expect(happened).toEqual(['keep', 'sources', 'answer', 'keep', 'complete']);
  expect(kept.map(({ consultation }) => [consultation?.sources, consultation?.kinds])).toEqual([
    [['a', 'b'], []],
    [['a'], ['message']],
  ]);
  expect(kept[1]?.consultation?.at).toBe(kept[0]?.consultation?.at);
});

it('that was stopped says what had been read by then', async () => {
  lines = [first, answerOf([message]), second];
  let stopped = Promise.resolve();
  let seen = 0;
  during = () => {
    seen += 1;
    if (seen === 3) stopped = reading.stop({ errand: 'stop_reading', reading: 'id-5' });
  };
  await read();
  await stopped;
  expect(kept.at(-1)?.consultation?.kinds).toEqual(['message']);
});

it('whom somebody may act for is a look too: nobody hears it who has not written it down', async () => {
  const find = () => reading.findRoles({ errand: 'find_roles', visit, token: grant.token });
  await find();
  expect([happened, kept[0]?.consultation?.kinds]).toEqual([['keep', 'roles_known'], ['roles']]);
  keeps = false;
  happened = [];
  await find();
  expect(happened).toEqual(['keep', 'storage']);
});

it('the terminal’s own rules write down what they look at, and not what came of it', async () => {
  const seen = play(
    ...put(),
    { type: 'file', line: 'up' },
    { type: 'signed_in', attempt: 'id-4', evidence, grant },
    { type: 'file_line', reading: 'id-5', line: first },
    { type: 'file_line', reading: 'id-5', line: answerOf([message]) },
  ).visit;
  const noteThem = () => reading.noteSuggestions({ errand: 'note_suggestions', visit: seen, reading: 'id-5' });
  await noteThem();
  const look = { role: 'suggestions', by: null, purpose: 'suggestions', sources: ['a'], kinds: ['birth_date', 'loan'] };
  expect([happened, kept[0]?.consultation]).toMatchObject([['keep', 'suggestions_noted'], look]);
  keeps = false;
  happened = [];
  await noteThem();
  expect(happened).toEqual(['keep', 'storage']);
});

it('that cannot be written down is not heard, and says so once', async () => {
  keeps = false;
  await read();
  expect(happened).toEqual(['keep', 'storage', 'not_recorded']);
});

it('hears no answer of a middleware that has not said who is asked', async () => {
  lines = [second, first, second];
  await read();
  expect(happened).toEqual(['keep', 'sources', 'answer', 'complete']);
});

it('that was stopped is heard no further, and its end neither', async () => {
  let seen = 0;
  during = () => {
    seen += 1;
    if (seen === 2) reading.stop({ errand: 'stop_reading', reading: 'id-5' });
  };
  await read();
  expect(happened).toEqual(['keep', 'sources']);
});
