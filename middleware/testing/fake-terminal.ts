import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { CompactSign } from 'jose';
import { chainBytes, chainStartBytes, keptBytes, type LossStatement, lossType, recordBytes } from '../../contract/kept-record.ts';
import { sealContext, sealSuite, type TransactionContent } from '../../contract/transaction.ts';
import type { TransactionEvent } from '../../contract/wire.ts';

/** What a terminal does before it sends: enough to talk to the middleware as one. Invented people only. */
export type FakeTerminal = {
  readonly id: string;
  readonly keys: TerminalKeys;
  readonly generation: string;
  /** Where its queue stands. */
  readonly head: Head;
  makeContent(changes?: Partial<TransactionContent>): TransactionContent;
  /** Keeps one: the next place of the queue. Each event carries `previous` and `signature`, so any consecutive ones are a delivery. */
  seal(content: TransactionContent, how?: SealChoices): Promise<TransactionEvent>;
  /** Seals any bytes. */
  sealBytes(plain: Uint8Array, envelope: { txId: string; reference: string }, how?: SealChoices): Promise<TransactionEvent>;
  /** Places that its disk loses before they were ever sent. */
  lose(count: number): Promise<void>;
  /** As after a loss: a queue of its own, from 1. */
  beginGeneration(): void;
  /** Its disk, copied as it is now. */
  clone(): FakeTerminal;
  /** `type`: of the JWS, when not a loss statement’s own. */
  stateLoss(changes?: Partial<LossStatement>, type?: string): Promise<string>;
};

export type TerminalKeys = { privateKey: KeyObject; publicKey: KeyObject };

export type SealChoices = {
  key?: { id: string; publicJwk: object };
  lane?: string;
  /** By its own clock. */
  keptAt?: string;
  /** Sent in place of the key that it was sealed with. */
  encapsulated?: Uint8Array;
  /** Bind to another envelope than the one that is sent. */
  boundTo?: { sequence?: number; terminal?: string; txId?: string; generation?: string };
};

export type Head = { generation: string; sequence: number; chain: Buffer };

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function makeTerminalKeys(): TerminalKeys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

export function createFakeTerminal(
  terminal: string,
  key: { id: string; publicJwk: object },
  keys: TerminalKeys = makeTerminalKeys(),
  start?: Head,
): FakeTerminal {
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  let head: Head = start ?? newQueue(terminal);
  // One after the other, as an outbox does it: each record's chain needs the one before.
  let before: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = before.then(work);
    before = turn.catch(() => undefined);
    return turn;
  }

  async function keep(plain: Uint8Array, envelope: { txId: string; reference: string }, how: SealChoices): Promise<TransactionEvent> {
    const { txId, reference } = envelope;
    const { generation, chain: previous } = head;
    const sequence = head.sequence + 1;
    const sealKey = how.key ?? key;
    const recipientPublicKey = await suite.kem.importKey('jwk', { ...sealKey.publicJwk }, true);
    const context = await suite.createSenderContext({ recipientPublicKey, info: new TextEncoder().encode(sealSuite) });
    const bound = { txId, terminal, generation, sequence, keyId: sealKey.id, ...how.boundTo };
    const ciphertext = new Uint8Array(await context.seal(plain, sealContext(bound)));
    const encapsulated = how.encapsulated ?? new Uint8Array(context.enc);
    const lane = how.lane ?? randomBytes(16).toString('base64url');
    const keptAt = how.keptAt ?? '2026-11-20T09:00:00.000Z';
    const record = sha256(
      recordBytes({ terminal, generation, sequence, txId, reference, lane, keyId: sealKey.id, keptAt, encapsulated, ciphertext }),
    );
    const chain = sha256(chainBytes(previous, record));
    head = { generation, sequence, chain };
    const hashes = { record: record.toString('base64url'), chain: chain.toString('base64url') };
    const kept = keptBytes({ terminal, generation, sequence, reference, ...hashes });
    return {
      specversion: '1.0',
      id: txId,
      source: `urn:loket:terminal:${terminal}`,
      type: 'be.loket.transaction.v1',
      time: keptAt,
      datacontenttype: 'application/octet-stream',
      data_base64: Buffer.from(ciphertext).toString('base64'),
      generation,
      sequence,
      reference,
      lane,
      keyid: sealKey.id,
      encapsulated: Buffer.from(encapsulated).toString('base64'),
      previous: previous.toString('base64url'),
      signature: sign('sha256', kept, { key: keys.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
    };
  }

  const sealBytes: FakeTerminal['sealBytes'] = (plain, envelope, how = {}) => inTurn(() => keep(plain, envelope, how));

  return {
    id: terminal,
    keys,
    get generation() {
      return head.generation;
    },
    get head() {
      return head;
    },
    sealBytes,
    seal: (content, how) => sealBytes(new TextEncoder().encode(JSON.stringify(content)), content, how),
    lose: (count) =>
      inTurn(async () => {
        for (let lost = 0; lost < count; lost++)
          head = { ...head, sequence: head.sequence + 1, chain: sha256(chainBytes(head.chain, randomBytes(32))) };
      }),
    beginGeneration() {
      head = newQueue(terminal);
    },
    clone: () => createFakeTerminal(terminal, key, keys, head),
    async stateLoss(changes = {}, type = lossType) {
      const statement: LossStatement = {
        terminal,
        generation: head.generation,
        head: head.sequence === 0 ? null : { sequence: head.sequence, chain: head.chain.toString('base64url') },
        missing: [],
        successor: makeGeneration(),
        statedAt: '2026-11-20T09:30:00.000Z',
        ...changes,
      };
      return await new CompactSign(new TextEncoder().encode(JSON.stringify(statement)))
        .setProtectedHeader({ alg: 'ES256', typ: type })
        .sign(keys.privateKey);
    },
    makeContent: (changes = {}) => ({
      txId: makeTxId(),
      reference: makeReference(),
      product: 'street-defect',
      form: { id: 'street-defect', version: 1 },
      municipalityCode: '34022',
      language: 'nl',
      trust: 'anonymous',
      provisional: true,
      person: null,
      answers: { what: 'Losse tegel' },
      proof: null,
      evidence: null,
      attachments: [],
      openedAt: '2026-11-20T08:58:00.000Z',
      submittedAt: '2026-11-20T09:00:00.000Z',
      ...changes,
    }),
  };
}

/** As it goes over the line: `previous` on the first, `signature` on the last. */
export function asDelivery(events: readonly TransactionEvent[]): TransactionEvent[] {
  return events.map(({ previous, signature, ...event }, at) => ({
    ...event,
    ...(at === 0 && previous !== undefined && { previous }),
    ...(at === events.length - 1 && signature !== undefined && { signature }),
  }));
}

/** UUIDv7 (RFC 9562, 5.7): 48 bits of time, then chance. */
export function makeTxId(): string {
  const hex = Date.now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export function makeReference(): string {
  const signs = [...randomBytes(8)].map((byte) => crockford[byte % 32]).join('');
  return `KOR-${signs.slice(0, 4)}-${signs.slice(4)}`;
}

export function makeGeneration(): string {
  return randomBytes(8).toString('base64url');
}

function newQueue(terminal: string): Head {
  const generation = makeGeneration();
  return { generation, sequence: 0, chain: sha256(chainStartBytes(terminal, generation)) };
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
