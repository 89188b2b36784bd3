import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { answerWithinMs } from '../../contract/wire.ts';
import { testRoot } from '../../native/eid/roots.ts';
import { type Authority, type AuthorityMode, startAuthority } from '../../test/harness/authority.ts';
import { makeList } from '../../test/harness/authority-answers.ts';
import { openTestBench, type TestBench } from '../testing/harness.ts';
import { type Holder, type IssueOptions, issue, listHost, listName, makePki, ocspHost, type Pki } from '../testing/pki.ts';
import { findTarget, type Target } from './find-target.ts';
import { createKnownAnswers } from './known-answers.ts';
import { createKnownLists, wantedOf } from './known-lists.ts';
import { readList } from './read-list.ts';
import { createRevocations, longestSearchMs, type RevocationParts, type Revocations } from './revocations.ts';

const minute = 60_000;
const start = Math.floor(Date.now() / 1000) * 1000;
const unchecked = { status: 'unchecked', source: null, asOf: null };

let bench: TestBench;
let pki: Pki;
let person: Target;
let register: Target;
let authority: Authority;
let clock: number;
const now = () => new Date(clock);
const opened: Revocations[] = [];
let logged: string[];

beforeAll(async () => {
  bench = await openTestBench();
  pki = await makePki();
  person = target(await issue({ issuer: pki.citizens }), pki.citizens);
  register = target(pki.register);
}, 60_000);
beforeEach(async () => {
  clock = start;
  logged = [];
  const issuers = [pki.root, pki.citizens].map((each) => ({ ...each, name: listName(each) }));
  authority = await startAuthority({ issuers, now });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  await authority.close();
  await bench.empty();
});
afterAll(() => bench.close());

function target(holder: Holder, by: Holder | null = null): Target {
  const given = { certificate: holder.certificate, issuer: by?.certificate ?? null };
  const found = findTarget(given, [testRoot(pki.root.pem)], new Date(start));
  if (!found.ok) throw new Error(found.error);
  return found.value;
}

/** One instance. */
function open(changes: Partial<RevocationParts> = {}): Revocations {
  const hosts = {
    hosts: new Set([ocspHost, listHost]),
    instead: new Map([
      [ocspHost, authority.ocspUrl],
      [listHost, authority.crlUrl],
    ]),
  };
  const log = { warn: (fields: object, event: string) => logged.push(`${event} ${JSON.stringify(fields)}`) };
  const made = createRevocations({ database: bench.database, hosts, timeoutMs: 10_000, now, log, ...changes });
  opened.push(made);
  return made;
}

async function ofPerson(options: IssueOptions): Promise<Target> {
  return target(await issue({ issuer: pki.citizens, ...options }), pki.citizens);
}

const revoke = (...targets: Target[]) => authority.setRevoked(targets.map(({ serial }) => Buffer.from(serial).toString('hex')));

test('OCSP is asked first, and says how old its knowledge is', async () => {
  expect(await open().check(person)).toEqual({ status: 'good', source: 'ocsp', asOf: new Date(start - minute).toISOString() });
  expect(authority.asked()).toEqual({ ocsp: 1, crl: 0 });
  revoke(person);
  expect(await open().check(person)).toMatchObject({ status: 'revoked', source: 'ocsp' });
  authority.setMode('unknown');
  expect(await open().check(person)).toMatchObject({ status: 'unknown', source: 'ocsp' });
});

test('where the responder does not know the certificate, the list is asked; where that cannot be had, nobody knows it', async () => {
  authority.setMode('unknown', 'ocsp');
  const revoked = await ofPerson({});
  revoke(revoked);
  expect(await open().check(person)).toMatchObject({ status: 'good', source: 'crl' });
  expect(await open().check(revoked)).toMatchObject({ status: 'revoked', source: 'crl' });
  authority.setMode('down', 'crl');
  await bench.empty();
  const revocations = open();
  expect(await revocations.check(register)).toMatchObject({ status: 'unknown', source: 'ocsp' });
  // The list that can be had again is older than that answer, and knows more.
  clock += 6 * minute;
  authority.setMode('stale', 'crl');
  expect(await revocations.check(register)).toMatchObject({ status: 'unknown' });
  const before = await startAuthority({
    issuers: [{ ...pki.root, name: listName(pki.root) }],
    now: () => new Date(start - 60 * minute),
  });
  const instead = new Map([
    [ocspHost, authority.ocspUrl],
    [listHost, before.crlUrl],
  ]);
  clock += 6 * minute;
  expect(await open({ hosts: { hosts: new Set([ocspHost, listHost]), instead } }).check(register)).toMatchObject({ status: 'good' });
  await before.close();
});

test('a search ends while the terminal still waits, with what was known before', async () => {
  expect(longestSearchMs).toBeLessThan(answerWithinMs);
  await open().check(register);
  authority.setMode('slow');
  clock += 61 * minute;
  const impatient = open({ patienceMs: 200 });
  expect(await impatient.check(person)).toEqual(unchecked);
  expect(await impatient.check(register)).toMatchObject({ status: 'good', asOf: new Date(start - minute).toISOString() });
  expect(authority.asked().crl).toBe(0);
});

test('what comes too late for one question is there for the next', async () => {
  authority.setMode('slow', 'ocsp');
  const impatient = open({ timeoutMs: 1000, patienceMs: 100 });
  expect(await impatient.check(person)).toEqual(unchecked);
  await expect.poll(() => impatient.check(person), { timeout: 20_000 }).toMatchObject({ status: 'good', source: 'crl' });
  expect(authority.asked()).toEqual({ ocsp: 1, crl: 1 });
});

const doubtful: AuthorityMode[] = ['down', 'slow', 'stale', 'forged', 'unauthorised', 'garbage', 'huge'];

test.each(doubtful)('where OCSP is %s, the list is asked', async (mode) => {
  authority.setMode(mode, 'ocsp');
  revoke(register);
  const revocations = open({ timeoutMs: mode === 'slow' ? 1500 : 10_000 });
  expect(await revocations.check(person)).toMatchObject({ status: 'good', source: 'crl' });
  expect(await revocations.check(register)).toMatchObject({ status: 'revoked', source: 'crl' });
  expect(logged[0]).toContain(`ocsp_not_answered {"host":"${ocspHost}"`);
});

test.each([...doubtful, 'unknown'] as const)('where OCSP is down and the list is %s, nothing is claimed', async (mode) => {
  authority.setMode('down', 'ocsp');
  authority.setMode(mode, 'crl');
  revoke(person);
  expect(await open({ timeoutMs: mode === 'slow' ? 300 : 10_000 }).check(person)).toEqual(unchecked);
});

test('a certificate that says nowhere to ask, or only places that are not configured, is unchecked and nobody is asked', async () => {
  const elsewhere = new URL(authority.crlUrl);
  for (const options of [
    { ocsp: null, list: null },
    { ocsp: `${authority.ocspUrl}/`, list: `${authority.crlUrl}/x.crl` },
    { ocsp: `http://${ocspHost}@${elsewhere.host}/`, list: null },
  ])
    expect(await open().check(await ofPerson(options))).toEqual(unchecked);
  expect(authority.asked()).toEqual({ ocsp: 0, crl: 0 });
});

test('a redirect is not followed', async () => {
  const redirecting = createServer((_request, response) => response.writeHead(302, { location: authority.ocspUrl }).end());
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
  const address = redirecting.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const hosts = { hosts: new Set([ocspHost]), instead: new Map([[ocspHost, `http://127.0.0.1:${address.port}`]]) };
  expect(await open({ hosts }).check(person)).toEqual(unchecked);
  expect(authority.asked().ocsp).toBe(0);
  redirecting.close();
});

test('questions at the same moment are one question', async () => {
  const revocations = open();
  const answers = await Promise.all(Array.from({ length: 20 }, () => revocations.check(register)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['good']));
  expect(authority.asked().ocsp).toBe(1);
});

test('what is known of the Register’s certificate is asked again after an hour, by one instance for all', async () => {
  await open().check(register);
  clock += 59 * minute;
  expect(await open().check(register)).toMatchObject({ asOf: new Date(start - minute).toISOString() });
  expect(authority.asked().ocsp).toBe(1);
  clock += 2 * minute;
  revoke(register);
  expect(await open().check(register)).toMatchObject({ status: 'revoked', asOf: new Date(clock - minute).toISOString() });
  expect(authority.asked().ocsp).toBe(2);
});

test('without a line, what was said holds as long as the authority said, with its age, and no longer', async () => {
  await open().check(register);
  authority.setMode('down');
  clock += 11 * 60 * minute;
  expect(await open().check(register)).toEqual({ status: 'good', source: 'ocsp', asOf: new Date(start - minute).toISOString() });
  clock += 2 * 60 * minute;
  expect(await open().check(register)).toEqual(unchecked);
});

test('what is known of a citizen’s stays in memory, for five minutes, and is never written', async () => {
  const revocations = open();
  await revocations.check(person);
  clock += 4 * minute;
  await revocations.check(person);
  expect(authority.asked().ocsp).toBe(1);
  expect(await bench.database.query('SELECT * FROM revocation_answer')).toEqual([]);
  // Another instance knows nothing of it.
  await open().check(person);
  expect(authority.asked().ocsp).toBe(2);
  clock += 2 * minute;
  authority.setMode('down');
  expect(await revocations.check(person)).toEqual(unchecked);
});

test('a list is fetched once an hour, by one instance for all, and serves everybody of that issuer', async () => {
  authority.setMode('down', 'ocsp');
  await open().check(person);
  const other = await ofPerson({});
  revoke(other);
  // Fetched a moment ago, so the one that was revoked since is not on it yet: `asOf` says so.
  expect(await open().check(other)).toMatchObject({ status: 'good', asOf: new Date(start - minute).toISOString() });
  expect(authority.asked().crl).toBe(1);
  clock += 61 * minute;
  expect(await open().check(other)).toMatchObject({ status: 'revoked', asOf: new Date(clock - minute).toISOString() });
  expect(authority.asked().crl).toBe(2);
});

test('a list of megabytes that many want at once is fetched once, kept, and found again by another instance', async () => {
  authority.setMode('down', 'ocsp');
  const people = await Promise.all(Array.from({ length: 8 }, () => ofPerson({})));
  const others = Array.from({ length: 100_000 }, (_, index) => (0x10000000000000 + index).toString(16));
  authority.setRevoked([...others, ...people.slice(0, 4).map(({ serial }) => Buffer.from(serial).toString('hex'))]);
  const revocations = open();
  const statuses = async (at: Revocations) => (await Promise.all(people.map((each) => at.check(each)))).map(({ status }) => status);
  const expected = [...Array<string>(4).fill('revoked'), ...Array<string>(4).fill('good')];
  expect(await statuses(revocations)).toEqual(expected);
  expect(await statuses(open())).toEqual(expected);
  expect(authority.asked().crl).toBe(1);
});

test('without a line a list holds until its own end, in memory as in the database', async () => {
  authority.setMode('down', 'ocsp');
  const revocations = open();
  await revocations.check(person);
  authority.setMode('down');
  clock += 6 * 24 * 60 * minute;
  for (const each of [revocations, open()])
    expect(await each.check(person)).toMatchObject({ status: 'good', asOf: new Date(start - minute).toISOString() });
  clock += 2 * 24 * 60 * minute;
  for (const each of [revocations, open()]) expect(await each.check(person)).toEqual(unchecked);
});

test('of two instances that write at once, the one with the newer knowledge stays', async () => {
  const { database } = bench;
  const parts = { database, now };
  const url = person.listUrls[0] ?? '';
  const listOf = (age: number) => {
    const dates = { thisUpdate: new Date(start - age * minute), nextUpdate: new Date(start + 60 * minute) };
    const list = readList(makeList({ revoked: [], signer: pki.citizens, ...dates }), wantedOf(person, url), now());
    if (!list.ok) throw new Error(list.error);
    return list.value;
  };
  const finding = (age: number) => ({ source: 'ocsp' as const, asOf: new Date(start - age * minute), usableUntil: start + 60 * minute });
  for (const age of [2, 1, 3]) {
    await createKnownLists(parts).keep(person, url, listOf(age));
    await createKnownAnswers(parts).keep(register, { ...finding(age), status: age === 1 ? 'revoked' : 'good' });
  }
  expect((await createKnownLists(parts).find(person, url))?.list.thisUpdate).toEqual(new Date(start - minute));
  expect(await createKnownAnswers(parts).find(register)).toMatchObject({ status: 'revoked', asOf: new Date(start - minute) });
});

test('an answer of before the one that is known is not repeated', async () => {
  revoke(register);
  await open().check(register);
  // Without a nonce it may come from somebody who kept it.
  const issuers = [{ ...pki.root, name: listName(pki.root) }];
  const before = await startAuthority({ issuers, now: () => new Date(start - 60 * minute), echoNonce: false });
  const hosts = { hosts: new Set([ocspHost]), instead: new Map([[ocspHost, before.ocspUrl]]) };
  clock += 6 * minute;
  expect(await open({ hosts }).check(register)).toMatchObject({ status: 'revoked' });
  expect(before.asked().ocsp).toBe(1);
  await before.close();
});

test('an older list never replaces a newer one, in memory or in the database', async () => {
  authority.setMode('down', 'ocsp');
  revoke(person);
  const revocations = open();
  expect(await revocations.check(person)).toMatchObject({ status: 'revoked' });
  // Somebody on the way hands out a list of before the revocation, which is well signed and not over.
  const before = await startAuthority({
    issuers: [{ ...pki.citizens, name: listName(pki.citizens) }],
    now: () => new Date(start - 60 * minute),
  });
  const hosts = { hosts: new Set([listHost]), instead: new Map([[listHost, before.crlUrl]]) };
  clock += 61 * minute;
  expect(await open({ hosts }).check(person)).toMatchObject({ status: 'revoked' });
  expect(before.asked().crl).toBe(1);
  await before.close();
  authority.setMode('down');
  expect(await open().check(person)).toMatchObject({ status: 'revoked' });
});

test('a list that was changed in the database is not believed', async () => {
  authority.setMode('down', 'ocsp');
  revoke(person);
  await open().check(person);
  authority.setMode('down');
  expect(await open().check(person)).toMatchObject({ status: 'revoked' });
  // One byte in the middle of what is signed.
  await bench.database.query('UPDATE revocation_list SET list = set_byte(list, 150, get_byte(list, 150) # 1)');
  expect(await open().check(person)).toEqual(unchecked);
});

test('nothing that names a certificate is logged', async () => {
  authority.setMode('down');
  await open().check(person);
  expect(logged.length).toBe(2);
  expect(logged.join()).not.toContain(Buffer.from(person.serial).toString('hex').slice(0, 8));
});
