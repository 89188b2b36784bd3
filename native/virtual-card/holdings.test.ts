import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pkcs11js from 'pkcs11js';
import { beforeAll, describe, expect, test } from 'vitest';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, makeReader, readCounters, readJournal, removeCard, setState } from './control.ts';

const dataOnly = { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA };
const identityFile = [dataOnly, { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('id') }];

beforeAll(async () => {
  await buildVirtualCard();
});

describe('what the processes hold', () => {
  test('sessions, searches, connections and calls, as they come and go', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      expect(readCounters(reader)).toMatchObject({ sessions: 0, searches: 0, handles: 0 });
      insertCard(reader, 'lotte');
      const first = await module.session(slot);
      const second = await module.session(slot);
      await module.call('C_FindObjectsInit', first, identityFile);
      const { calls } = readCounters(reader);
      expect(readCounters(reader)).toMatchObject({ sessions: 2, searches: 1, handles: 1 });
      await module.call('C_FindObjectsFinal', first);
      expect(readCounters(reader)).toMatchObject({ searches: 0, calls: calls + 1 });
      removeCard(reader);
      await module.call('C_GetSlotInfo', slot);
      // The card went; its sessions stay until somebody closes them.
      expect(readCounters(reader)).toMatchObject({ sessions: 2, handles: 0 });
      await module.call('C_CloseSession', first);
      await module.call('C_CloseSession', second);
      expect(readCounters(reader)).toMatchObject({ sessions: 0, searches: 0, handles: 0 });
    }));

  test('each look at a foreign card past the fifth leaks one; C_Finalize gives them back', () =>
    withReader(async ({ module, reader }) => {
      const slot = await module.slot();
      insertCard(reader, 'library');
      for (let look = 1; look <= 12; look += 1) await module.code('C_GetSlotInfo', slot);
      expect(readCounters(reader).handles).toBe(7);
      await module.call('C_Finalize');
      expect(readCounters(reader)).toMatchObject({ sessions: 0, handles: 0 });
    }));

  test('processes are added up; one that was killed no longer counts, one that ends leaves nothing', () =>
    withReader(async ({ module, reader, another }) => {
      insertCard(reader, 'lotte');
      await module.session(await module.slot());
      const other = await another();
      await other.session(await other.slot());
      expect(readCounters(reader)).toMatchObject({ sessions: 2, handles: 2 });
      expect(readCounters(reader, other.pid)).toMatchObject({ sessions: 1, handles: 1 });
      await other.close();
      expect(readCounters(reader)).toMatchObject({ sessions: 1, handles: 1 });
      await module.end();
      expect(readdirSync(path.join(reader, 'holdings'))).toEqual([String(other.pid)]);
      mkdirSync(path.join(reader, 'pins'), { recursive: true });
      writeFileSync(path.join(reader, 'pins/lotte'), '0 0 0 \n');
      makeReader(reader);
      expect([readdirSync(path.join(reader, 'holdings')), readdirSync(reader)]).toEqual([[], ['holdings', 'state']]);
    }));
});

describe('the journal', () => {
  test('tells each call, and a question for the length alone from the read after it', () =>
    withReader(async ({ module, reader }) => {
      insertCard(reader, 'lotte');
      const session = await module.session(await module.slot());
      expect(readJournal(reader)).toEqual([]);
      setState(reader, { journal: 1 });
      const [object] = await module.find(session, identityFile);
      await module.attribute(session, object ?? expect.unreachable(), pkcs11js.CKA_VALUE);
      expect(readJournal(reader)).toEqual([
        'call C_FindObjectsInit',
        'read identity',
        'call C_FindObjects',
        'call C_FindObjectsFinal',
        // pkcs11js asks twice.
        'call C_GetAttributeValue length',
        'call C_GetAttributeValue',
      ]);
    }));
});
