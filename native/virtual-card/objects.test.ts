import { readFileSync } from 'node:fs';
import path from 'node:path';
import pkcs11js, { type Handle } from 'pkcs11js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenModule } from './checks/open-module.ts';
import { withReader } from './checks/with-reader.ts';
import { buildVirtualCard, insertCard, personas, setState } from './control.ts';

const dataOnly = { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA };
const objectId = (id: string) => [dataOnly, { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from(id) }];
const label = (text: string) => ({ type: pkcs11js.CKA_LABEL, value: text });
const CKR_DEVICE_ERROR = 0x30;

async function openCard(module: OpenModule, reader: string, persona: string): Promise<Handle> {
  insertCard(reader, persona);
  return await module.session(await module.slot());
}

/** Label and value of each object that a search finds, in the library's order. */
async function values(module: OpenModule, session: Handle, template: { type: number; value: number | string | Buffer }[]) {
  const found: [string, Buffer][] = [];
  for (const object of await module.find(session, template)) {
    const name = await module.attribute(session, object, pkcs11js.CKA_LABEL);
    found.push([name.toString(), await module.attribute(session, object, pkcs11js.CKA_VALUE)]);
  }
  return found;
}

const identityLabels = [
  ['DATA_FILE', 'card_number', 'chip_number', 'validity_begin_date', 'validity_end_date', 'issuing_municipality', 'national_number'],
  ['surname', 'firstnames', 'first_letter_of_third_given_name', 'nationality', 'location_of_birth', 'date_of_birth', 'gender', 'nobility'],
  ['document_type', 'special_status', 'photo_hash', 'duplicata', 'basic_key_hash'],
].flat();

beforeAll(async () => {
  await buildVirtualCard();
});

describe('data objects', () => {
  test('one label per file and per field; a tag that is absent gives no object, an empty one an empty value', () =>
    withReader(async ({ module, reader, cards }) => {
      const session = await openCard(module, reader, 'lotte');
      const identity = await values(module, session, objectId('id'));
      expect(identity.map(([name]) => name)).toEqual(identityLabels);
      const of = new Map(identity);
      expect(of.get('DATA_FILE')).toEqual(readFileSync(path.join(cards, 'lotte/identity')));
      expect(of.get('surname')?.toString()).toBe('Vandeputte');
      expect(of.get('date_of_birth')?.toString()).toBe('14 MAAR 1993');
      expect(of.get('chip_number')).toHaveLength(16);
      expect(of.get('photo_hash')).toHaveLength(48);
      expect(of.get('nobility')).toHaveLength(0);
      const address = await values(module, session, objectId('address'));
      expect(address.map(([name, value]) => [name, value.toString()]).slice(1)).toEqual([
        ['address_street_and_number', 'Zandkapelstraat 18'],
        ['address_zip', '8500'],
        ['address_municipality', 'Kortrijk'],
      ]);
      // Nothing is trimmed: the file's zero bytes come along.
      expect(address[0]?.[1]).toHaveLength(117);
      expect(address[0]?.[1].at(-1)).toBe(0);
    }));

  test('every file of every persona comes back as it is on the chip', () =>
    withReader(async ({ module, reader, cards }) => {
      const files = [
        ['id', 'identity'],
        ['sign_data_file', 'identity-sign'],
        ['address', 'address'],
        ['sign_address_file', 'address-sign'],
        ['photo', 'photo'],
        ['rncert', 'rn-cert'],
      ] as const;
      const read = personas.filter(({ id }) => !['bank', 'library', 'upside-down', 'worn'].includes(id));
      expect(read.length).toBeGreaterThanOrEqual(24);
      for (const persona of read) {
        const session = await openCard(module, reader, persona.id);
        for (const [id, file] of files) {
          const [first] = await values(module, session, objectId(id));
          expect(first?.[1], `${persona.id} ${id}`).toEqual(readFileSync(path.join(cards, persona.id, file)));
        }
        await module.call('C_CloseSession', session);
      }
    }));

  test('only a template with CKA_CLASS = CKO_DATA finds them', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      expect(await module.find(session, [label('surname')])).toHaveLength(0);
      expect(await module.find(session, [{ type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from('id') }])).toHaveLength(0);
      // Four certificates and three key pairs.
      expect(await module.find(session, [])).toHaveLength(10);
      expect(await module.find(session, [dataOnly, label('surname')])).toHaveLength(1);
    }));

  test('attributes: a plain object id, no application, no value for modifiable', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      const [object] = await module.find(session, [dataOnly, label('surname')]);
      if (object === undefined) throw new Error('no surname');
      expect((await module.attribute(session, object, pkcs11js.CKA_OBJECT_ID)).toString()).toBe('id');
      expect(await module.attribute(session, object, pkcs11js.CKA_PRIVATE)).toEqual(Buffer.from([0]));
      expect(await module.attribute(session, object, pkcs11js.CKA_TOKEN)).toEqual(Buffer.from([1]));
      expect((await module.attribute(session, object, pkcs11js.CKA_VALUE_LEN)).readBigUInt64LE()).toBe(10n);
      expect(await module.attribute(session, object, pkcs11js.CKA_MODIFIABLE)).toHaveLength(0);
      const application = [{ type: pkcs11js.CKA_APPLICATION }];
      expect(await module.code('C_GetAttributeValue', session, object, application)).toBe(pkcs11js.CKR_ATTRIBUTE_TYPE_INVALID);
    }));

  test('the National Register certificate keeps the zero bytes of its file: 1100 on 1.8, 50 on 1.7', () =>
    withReader(async ({ module, reader }) => {
      for (const [persona, zeros] of [
        ['lotte', 1100],
        ['expired', 50],
      ] as const) {
        const session = await openCard(module, reader, persona);
        const [found] = await values(module, session, objectId('rncert'));
        const value = found?.[1] ?? Buffer.alloc(0);
        const size = value.readUInt16BE(2) + 4;
        expect(value).toHaveLength(size + zeros);
        expect(value.subarray(size).every((byte) => byte === 0)).toBe(true);
        await module.call('C_CloseSession', session);
      }
    }));

  test('card data and token info; a 1.7 card has no pin counter and no basic key', () =>
    withReader(async ({ module, reader }) => {
      const newer = await openCard(module, reader, 'lotte');
      const data = new Map(await values(module, newer, objectId('carddata')));
      expect(data.size).toBe(15);
      expect(data.get('carddata_appl_version')).toEqual(Buffer.from([0x18]));
      expect(data.get('carddata_pin_counter')).toEqual(Buffer.from([3]));
      expect(data.get('CARD_DATA')).toHaveLength(31);
      expect(await values(module, newer, objectId('tokeninfo'))).toHaveLength(4);
      expect(await values(module, newer, objectId('basic_key_file'))).toHaveLength(1);
      await module.call('C_CloseSession', newer);
      const older = await openCard(module, reader, 'expired');
      const olderData = new Map(await values(module, older, objectId('carddata')));
      expect(olderData.has('carddata_pin_counter')).toBe(false);
      expect(olderData.get('CARD_DATA')).toHaveLength(28);
      expect(await values(module, older, objectId('basic_key_file'))).toHaveLength(0);
    }));

  test('after a search for certificates, each unfiltered search reads the card again and appends', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      expect(await module.find(session, [dataOnly])).toHaveLength(48);
      expect(await module.find(session, [dataOnly])).toHaveLength(48);
      await module.find(session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE }]);
      expect(await module.find(session, [dataOnly])).toHaveLength(48 + 33);
      expect(await module.find(session, [dataOnly])).toHaveLength(48 + 66);
    }));

  test('by object id only that file is read; DATA_FILE by its label reads the whole card', () =>
    withReader(async ({ module, reader }) => {
      setState(reader, { journal: 1 });
      const session = await openCard(module, reader, 'lotte');
      const journal = () =>
        readFileSync(path.join(reader, 'journal'), 'utf8')
          .split('\n')
          .filter((line) => line.startsWith('read '));
      await module.find(session, objectId('address'));
      expect(journal()).toEqual(['read address']);
      await module.find(session, [dataOnly, label('PHOTO_FILE')]);
      expect(journal()).toEqual(['read address', 'read photo']);
      await module.find(session, [dataOnly, label('DATA_FILE')]);
      expect(journal().length).toBeGreaterThan(8);
    }));

  test('record_ objects: found by label alone, two stray bytes behind, an error when the field is missing', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'lotte');
      const [record] = await values(module, session, [dataOnly, label('record_surname')]);
      expect(record?.[1]).toEqual(Buffer.concat([Buffer.from('Vandeputte'), Buffer.from([0x90, 0x00])]));
      expect(await module.find(session, [dataOnly, label('record_surname')])).toHaveLength(2);
      expect(await module.find(session, [dataOnly])).toHaveLength(48);
      expect(await module.code('C_FindObjectsInit', session, [dataOnly, label('record_employer_vat_1')])).toBe(CKR_DEVICE_ERROR);
    }));

  test('a truncated identity file silently gives fewer objects', () =>
    withReader(async ({ module, reader }) => {
      const session = await openCard(module, reader, 'garbled');
      const found = await module.find(session, objectId('id'));
      expect(found.length).toBeGreaterThan(0);
      expect(found.length).toBeLessThan(identityLabels.length);
    }));
});
