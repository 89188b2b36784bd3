import { randomBytes, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { attachmentLimits, tus } from '../contract/attachment.ts';
import { readCode } from '../contract/enrolment.ts';
import { issueEnrolmentCode } from './enrolment/codes.ts';
import { enrol, renew } from './enrolment/enrol.ts';
import { type RequestedKey, readRequestedKey } from './enrolment/read-request.ts';
import type { TerminalCa } from './enrolment/terminal-ca.ts';
import type { Database } from './store/database.ts';
import { adoptCertificate } from './terminals/adopt-certificate.ts';
import { replyOf } from './testing/check-reply.ts';
import { makeRequest } from './testing/enrolled.ts';
import { createUploader, sealAttachment } from './testing/fake-attachment.ts';
import { createFakeTerminal, makeTerminalKeys } from './testing/fake-terminal.ts';
import { configure, openTestBench, type TestBench } from './testing/harness.ts';

/** Two instances at one moment. A lock that is held stands for the other instance in the middle of its work. */
const onPostgres = test.skipIf(!process.env.DATABASE_URL);
const names = '(PostgreSQL only: PGlite has one door)';

let bench: TestBench;
beforeAll(async () => {
  bench = await openTestBench();
}, 60_000);
afterEach(() => bench.empty());
afterAll(() => bench.close());

async function untilOneWaits(query: string): Promise<void> {
  await vi.waitUntil(async () => {
    const waiting = await bench.database.query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE $1 AND pid <> pg_backend_pid()`,
      [query],
    );
    return waiting.length > 0;
  }, 20_000);
}

onPostgres(`a piece waits for the other instance’s, and then is late ${names}`, async () => {
  const middleware = await bench.start();
  const uploader = createUploader(middleware);
  const photo = sealAttachment(2 * attachmentLimits.chunkBytes);
  const { id } = photo.attachment;
  await uploader.begin(photo);
  const piece = photo.sealed.subarray(0, tus.pieceBytes);
  const bringing = await bench.beside().transaction(async (queries) => {
    await queries.query('SELECT 1 FROM attachment WHERE id = $1::uuid FOR UPDATE', [id]);
    const reply = uploader.bring(id, 0, piece);
    await untilOneWaits('%FROM attachment%FOR UPDATE%');
    await queries.query('INSERT INTO attachment_piece (attachment, place, content) VALUES ($1::uuid, 0, $2)', [id, piece]);
    await queries.query('UPDATE attachment SET received = $2::bigint WHERE id = $1::uuid', [id, piece.length]);
    return { reply };
  });
  expect((await bringing.reply).status).toBe(409);
  expect((await uploader.look(id)).headers.get('upload-offset')).toBe(String(piece.length));
  const pieces = await bench.database.query('SELECT count(*)::int AS n FROM attachment_piece WHERE attachment = $1::uuid', [id]);
  expect(pieces).toEqual([{ n: 1 }]);
});

onPostgres(
  `a record in the other instance’s hand is left to it, what follows in its lane too, and others are not kept waiting ${names}`,
  async () => {
    const middleware = await bench.start();
    const { terminal } = bench;
    const lane = randomBytes(16).toString('base64url');
    const contents = [0, 1, 2].map(() => terminal.makeContent());
    const [first, second, other] = contents.map(({ txId }) => txId);
    const stateOf = async () => {
      const rows = await bench.database.query('SELECT tx_id::text AS id, state FROM inbox ORDER BY arrival');
      return Object.fromEntries(rows.map(({ id, state }) => [id, state]));
    };
    await middleware.worker.stop();
    for (const [at, content] of contents.entries())
      expect((await replyOf(await middleware.deliver([await terminal.seal(content, at < 2 ? { lane } : {})]))).receipts).toHaveLength(1);
    const { worker } = await bench.start({}, { database: bench.beside() });
    await worker.drain();
    // All were settled by the one that is left: again, with the first one held.
    await bench.database.query(`DELETE FROM cases`);
    await bench.database.query(`UPDATE inbox SET state = 'received', settled_at = NULL`);
    await bench.beside().transaction(async (queries) => {
      await queries.query('SELECT 1 FROM inbox WHERE tx_id = $1::uuid FOR UPDATE', [String(first)]);
      await worker.drain();
      expect(await stateOf()).toEqual({ [String(first)]: 'received', [String(second)]: 'received', [String(other)]: 'executed' });
    });
    await worker.drain();
    expect(await stateOf()).toEqual({ [String(first)]: 'executed', [String(second)]: 'executed', [String(other)]: 'executed' });
    const cases = await bench.database.query('SELECT count(*)::int AS n FROM cases');
    expect(cases).toEqual([{ n: 3 }]);
  },
);

onPostgres(`of many that come with one enrolment code at once, one is enrolled ${names}`, async () => {
  const [, { rootSha256, terminalCa }] = await configure(bench.keys);
  const now = () => new Date();
  const { code } = await issueEnrolmentCode(bench.database, { terminal: 'kiosk-9', name: 'Kiosk', by: 'a test', rootSha256, now: now() });
  const secret = readCode(code)?.secret ?? new Uint8Array();
  const keys = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => readRequestedKey(await makeRequest(makeTerminalKeys()))));
  const doors = [bench.database, bench.beside()];
  const outcomes = await Promise.all(
    keys.map((key, at) => {
      const database = doors[at % doors.length];
      if (key === null || database === undefined) throw new Error('a test made a request that is none');
      return enrol({ database, terminalCa, now }, { terminal: 'kiosk-9', secret, key });
    }),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  const certificates = await bench.database.query(`SELECT count(*)::int AS n FROM terminal_certificate WHERE terminal = 'kiosk-9'`);
  expect(certificates).toEqual([{ n: 1 }]);
});

async function codeFor(terminal: string) {
  const [, { rootSha256 }] = await configure(bench.keys);
  return await issueEnrolmentCode(bench.database, { terminal, name: 'Kiosk', by: 'a test', rootSha256, now: new Date() });
}

/** Enrolling that stops where its certificate is made, with everything before that written and not yet committed. */
async function beginEnrolling(terminal: string, key: RequestedKey, database: Database) {
  const [, { terminalCa }] = await configure(bench.keys);
  const now = () => new Date();
  const { code } = await codeFor(terminal);
  const [there, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const stopping: TerminalCa = {
    certificate: terminalCa.certificate,
    async issue(to) {
      there.resolve();
      await released.promise;
      return await terminalCa.issue(to);
    },
  };
  const order = { terminal, secret: readCode(code)?.secret ?? new Uint8Array(), key };
  return {
    parts: { terminalCa, now },
    outcome: enrol({ database, terminalCa: stopping, now }, order),
    there: there.promise,
    goOn: released.resolve,
  };
}

async function makeKey(keys = makeTerminalKeys()): Promise<RequestedKey> {
  const key = await readRequestedKey(await makeRequest(keys));
  if (key === null) throw new Error('a test made a request that is none');
  return key;
}

test('of two terminals that come with one key at once, one is enrolled', async () => {
  const key = await makeKey();
  const { code } = await codeFor('kiosk-12');
  const first = await beginEnrolling('kiosk-11', key, bench.beside());
  await first.there;
  const second = enrol(
    { ...first.parts, database: bench.database },
    { terminal: 'kiosk-12', secret: readCode(code)?.secret ?? new Uint8Array(), key },
  );
  if (process.env.DATABASE_URL) await Promise.race([untilOneWaits('%pg_advisory_xact_lock%'), second]);
  first.goOn();
  expect([(await first.outcome).ok, await second]).toEqual([true, { ok: false, error: 'key_in_use' }]);
});

onPostgres(`a copy that renews while its terminal is enrolled anew gets nothing ${names}`, async () => {
  const identity = createFakeTerminal('kiosk-13', bench.keys.sealKey);
  await bench.enrol(identity);
  const enrolling = await beginEnrolling('kiosk-13', await makeKey(), bench.beside());
  await enrolling.there;
  const { keyId: currentKeyId } = await makeKey(identity.keys);
  const order = { terminal: 'kiosk-13', key: await makeKey(), currentKeyId };
  const renewal = renew({ ...enrolling.parts, database: bench.database }, order);
  await Promise.race([untilOneWaits('%FROM terminal WHERE%FOR UPDATE%'), renewal]);
  enrolling.goOn();
  expect([(await enrolling.outcome).ok, await renewal]).toEqual([true, { ok: false, error: 'withdrawn' }]);
});

onPostgres(
  `a certificate that a restore forgot, shown while its terminal is enrolled anew, is written down as revoked ${names}`,
  async () => {
    const identity = createFakeTerminal('kiosk-14', bench.keys.sealKey);
    const { cert } = await bench.enrol(identity);
    // Issued a while ago: by the second, so that what follows is later.
    await bench.database.query(`UPDATE terminal SET standing_since = standing_since - interval '1 hour' WHERE terminal = 'kiosk-14'`);
    await bench.database.query('UPDATE enrolment_code SET certificate_sha256 = NULL, used_at = NULL WHERE terminal = $1', ['kiosk-14']);
    await bench.database.query(`DELETE FROM terminal_certificate WHERE terminal = 'kiosk-14'`);
    const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const stopping: Database = {
      ...bench.database,
      transaction: (job) =>
        bench.database.transaction((queries) =>
          job({
            async query(sql, values) {
              if (sql.startsWith('INSERT INTO terminal_certificate')) {
                reached.resolve();
                await goOn.promise;
              }
              return await queries.query(sql, values);
            },
          }),
        ),
    };
    const adopting = adoptCertificate(stopping, new X509Certificate(cert), new Date());
    await reached.promise;
    const enrolling = await beginEnrolling('kiosk-14', await makeKey(), bench.beside());
    await Promise.race([untilOneWaits('INSERT INTO terminal %'), enrolling.there]);
    goOn.resolve();
    expect(await adopting).toBe(true);
    enrolling.goOn();
    expect((await enrolling.outcome).ok).toBe(true);
    const rows = await bench.database.query(
      `SELECT revoked_at IS NOT NULL AS revoked FROM terminal_certificate WHERE terminal = 'kiosk-14' ORDER BY revoked_at`,
    );
    expect(rows).toEqual([{ revoked: true }, { revoked: false }]);
  },
);
