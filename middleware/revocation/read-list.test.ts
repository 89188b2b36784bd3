import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { der, type ListOptions, makeList } from '../../test/harness/authority-answers.ts';
import { type Holder, issue, makePki, type Pki } from '../testing/pki.ts';
import { nameOf } from './names.ts';
import { type ListWanted, readList } from './read-list.ts';

// Whole seconds, as these dates are written.
const now = new Date(Math.floor(Date.now() / 1000) * 1000);
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const url = 'http://crl.loket.invalid/ca.crl';

let pki: Pki;
let person: Holder;
let serial: Uint8Array;
let wanted: ListWanted;

beforeAll(async () => {
  pki = await makePki();
  person = await issue({ issuer: pki.citizens });
  const name = nameOf(new X509Certificate(person.certificate));
  if (name === null) throw new Error('no name');
  serial = name.serial;
  wanted = { key: new X509Certificate(pki.citizens.certificate).publicKey, issuerName: name.issuerName, url, forCa: false };
});

function list(changes: Partial<ListOptions> = {}) {
  return makeList({ revoked: [], thisUpdate: hours(-1), nextUpdate: hours(24), signer: pki.citizens, ...changes });
}

function read(bytes: Uint8Array, changes: Partial<ListWanted> = {}) {
  const result = readList(bytes, { ...wanted, ...changes }, now);
  if (!result.ok) return result.error;
  return result.value.isRevoked(serial) ? 'revoked' : 'good';
}

test('who stands on the list of its issuer is revoked, who does not is good', () => {
  expect(read(list())).toBe('good');
  expect(read(list({ revoked: [{ serial: '77' }, { serial: '8877' }] }))).toBe('good');
  expect(read(list({ revoked: [{ serial: '77' }, { serial: person.serial }, { serial: '99' }] }))).toBe('revoked');
  expect(readList(list(), wanted, now)).toMatchObject({ ok: true, value: { thisUpdate: hours(-1) } });
});

test('a serial is a number: zeros before it, in the list or in the certificate, change nothing', () => {
  const entry = (content: Uint8Array) => der(0x30, der(0x02, content), der(0x17, Buffer.from('261101000000Z')));
  const padded = Buffer.concat([Buffer.of(0, 0), serial]);
  expect(read(list({ rawEntries: entry(padded) }))).toBe('revoked');
  const result = readList(list({ rawEntries: entry(serial) }), wanted, now);
  expect(result.ok && result.value.isRevoked(padded)).toBe(true);
  // Zeros behind it make another number.
  expect(read(list({ rawEntries: entry(Buffer.concat([serial, Buffer.of(0)])) }))).toBe('good');
});

test('on hold is revoked; taken off again is not; an entry that revokes counts more than one that does not', () => {
  const entry = (reason: number) => ({ serial: person.serial, reason });
  const [keyCompromise, hold, removed] = [entry(1), entry(6), entry(8)];
  expect([hold, keyCompromise, removed].map((each) => read(list({ revoked: [each] })))).toEqual(['revoked', 'revoked', 'good']);
  expect(read(list({ revoked: [removed, hold] }))).toBe('revoked');
  expect(read(list({ revoked: [hold, removed] }))).toBe('revoked');
});

test('a list signed by anybody else is not believed', async () => {
  for (const signer of [pki.root, await issue({ usage: 'ca', name: pki.citizens.name }), await issue({ issuer: pki.citizens })])
    expect(read(list({ signer, issuer: pki.citizens }))).toBe('not_signed');
  const bytes = Buffer.from(list({ revoked: [{ serial: person.serial }] }));
  const at = bytes.indexOf(Buffer.from(serial));
  bytes[at + 5] = (bytes[at + 5] ?? 0) ^ 1;
  expect(read(bytes)).toBe('not_signed');
});

test('a list under another name is another list', () => {
  expect(read(list({ issuer: pki.root }))).toBe('other_list');
});

test('dates: old lists and lists of the future are not believed', () => {
  expect(read(list({ thisUpdate: hours(-200), nextUpdate: hours(-1) }))).toBe('not_current');
  expect(read(list({ thisUpdate: hours(1) }))).toBe('not_current');
  // Without `nextUpdate` a list of a moment ago may do.
  expect([read(list({ nextUpdate: null })), read(list({ nextUpdate: null, thisUpdate: now }))]).toEqual(['not_current', 'good']);
});

test('a list that does not cover this certificate says nothing about it', () => {
  const scope = (...parts: Uint8Array[]) => list({ extensions: [{ oid: '2.5.29.28', critical: true, value: der(0x30, ...parts) }] });
  const yes = (tag: number) => der(0x80 + tag, Buffer.of(0xff));
  const [usersOnly, casOnly, indirect, attributesOnly] = [yes(1), yes(2), yes(4), yes(5)];
  const someReasons = der(0x83, Buffer.of(0, 0));
  const from = (address: string) => der(0xa0, der(0xa0, der(0x86, Buffer.from(address))));
  const judged = [scope(), scope(usersOnly), scope(casOnly), scope(indirect), scope(attributesOnly), scope(someReasons)];
  expect(judged.map((each) => read(each))).toEqual(['good', 'good', 'other_list', 'other_list', 'other_list', 'other_list']);
  expect([scope(usersOnly), scope(casOnly)].map((each) => read(each, { forCa: true }))).toEqual(['other_list', 'good']);
  // Another part of a list in parts: well signed, current, and without this serial.
  expect([scope(from(url)), scope(from('http://crl.loket.invalid/part-2.crl'))].map((each) => read(each))).toEqual(['good', 'other_list']);
});

test('a list with a critical extension that nobody here knows, or of changes only, is not used', () => {
  const value = der(0x02, Buffer.of(1));
  expect(read(list({ extensions: [{ oid: '2.5.29.27', critical: true, value }] }))).toBe('other_list');
  expect(read(list({ extensions: [{ oid: '2.5.29.20', critical: false, value }] }))).toBe('good');
});

test('what is no list', () => {
  const bytes = list({ revoked: [{ serial: '77' }] });
  for (const each of [Buffer.of(), Buffer.from('<html>wifi</html>'), Buffer.alloc(100_000, 0x30), Buffer.concat([bytes, Buffer.of(0)])])
    expect(read(each)).toBe('unreadable');
});

test('a list whose parts disagree about how it is signed, or that is fat beside its entries, is not read', () => {
  const [sha384, sha512] = ['1.2.840.10045.4.3.3', '1.2.840.10045.4.3.4'];
  expect(read(list({ how: { oid: sha512, hash: 'sha512' } }))).toBe('good');
  expect(read(list({ how: { oid: sha512, hash: 'sha512' }, namedInside: sha384 }))).toBe('unreadable');
  const padded = (size: number) => list({ extensions: [{ oid: '1.2.3.4', critical: false, value: new Uint8Array(size) }] });
  expect([read(padded(60_000)), read(padded(70_000))]).toEqual(['good', 'unreadable']);
});

test('hostile bytes: never an exception, and never "good" for a revoked one', () => {
  const valid = Buffer.from(
    list({
      revoked: [
        { serial: '77', reason: 6 },
        { serial: person.serial, reason: 1 },
      ],
    }),
  );
  const change = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(change, fc.nat(valid.length), (changes, cut) => {
      const bytes = Buffer.from(valid);
      for (const [at, value] of changes) bytes[at] = value;
      expect(read(bytes)).not.toBe('good');
      expect(read(bytes.subarray(0, cut))).not.toBe('good');
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(read(bytes)).toBe('unreadable');
      // Past the signature as well: an authority may make mistakes.
      expect(['unreadable', 'good']).toContain(read(list({ rawEntries: bytes })));
    }),
    { numRuns: 150 },
  );
});

test('well signed and broken inside: refused when it is read, not when somebody looks for a serial', () => {
  const broken = [
    der(0x30, der(0x02, Buffer.of(7))),
    der(0x02, Buffer.of(7)),
    der(0x30, der(0x02, Buffer.of(7)), der(0x17, Buffer.from('261101000000Z')), der(0x02, Buffer.of(1))),
    Buffer.of(0x30, 0x84, 0xff, 0xff, 0xff, 0xff),
    Buffer.of(0x30, 0x80, 0, 0),
  ];
  for (const entry of broken) expect(read(list({ rawEntries: entry }))).toBe('unreadable');
});

test('a list of 200,000 is read and searched without holding the instance up', () => {
  const revoked = Array.from({ length: 200_000 }, (_, index) => ({ serial: (0x10000000000000 + index * 7).toString(16), reason: 6 }));
  const bytes = list({ revoked: [...revoked, { serial: person.serial }] });
  expect(bytes.length).toBeGreaterThan(7_000_000);
  const start = process.cpuUsage();
  expect(read(bytes)).toBe('revoked');
  // Microseconds of computing, some twenty times what it takes: a step that grows with the square of the length would not fit.
  expect(process.cpuUsage(start).user).toBeLessThan(3_000_000);
});

test.skipIf(spawnSync('openssl', ['version']).status !== 0)('OpenSSL reads our lists, and we read its', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loket-crl-'));
  try {
    const path = (name: string) => join(folder, name);
    writeFileSync(path('ca.pem'), pki.citizens.pem);
    writeFileSync(path('ca.key'), pki.citizens.key.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(path('ours'), list({ revoked: [{ serial: person.serial, reason: 6 }] }));
    const text = execFileSync('openssl', ['crl', '-inform', 'DER', '-in', path('ours'), '-noout', '-text', '-CAfile', path('ca.pem')], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect(text).toContain('Certificate Hold');
    writeFileSync(path('index'), `R\t361231235959Z\t261101000000Z,keyCompromise\t${person.serial.toUpperCase()}\tunknown\t/CN=x\n`);
    writeFileSync(path('number'), '01\n');
    const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${path('index')}\ndefault_md=sha384\ncrlnumber=${path('number')}\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n`;
    writeFileSync(path('config'), config);
    const files = ['-config', path('config'), '-keyfile', path('ca.key'), '-cert', path('ca.pem'), '-out', path('theirs.pem')];
    execFileSync('openssl', ['ca', '-gencrl', '-crldays', '7', ...files], { stdio: 'pipe' });
    execFileSync('openssl', ['crl', '-in', path('theirs.pem'), '-outform', 'DER', '-out', path('theirs')], { stdio: 'pipe' });
    const theirs = readList(readFileSync(path('theirs')), wanted, new Date());
    expect(theirs).toMatchObject({ ok: true });
    expect(theirs.ok && theirs.value.isRevoked(serial)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
