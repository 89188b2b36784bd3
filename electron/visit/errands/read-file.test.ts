import { beforeEach, expect, it } from 'vitest';
import type { FileLine, SourceInfo } from '../../../contract/file.ts';
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
const second: FileLine = { line: 'answer', answer: { source: 'a', state: 'fresh', asOf: '2026-11-22T09:00:00Z', items: [], more: false } };

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
  findRoles: async () => refuse('no_line'),
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
    state: () => state,
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
  expect(kept[0]?.consultation).toMatchObject({ by: ada.nationalNumber, role: 'citizen', actingAs: { kind: 'self' }, sources: ['a'] });
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
