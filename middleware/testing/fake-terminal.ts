import { randomBytes } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { sealContext, sealSuite, type TransactionContent } from '../../contract/transaction.ts';
import type { TransactionEvent } from '../../contract/wire.ts';

/** What a terminal does before it sends: enough to talk to the middleware as one. Invented people only. */
export type FakeTerminal = {
  makeContent(changes?: Partial<TransactionContent>): TransactionContent;
  seal(content: TransactionContent, how?: SealChoices): Promise<TransactionEvent>;
  /** Seals any bytes. */
  sealBytes(plain: Uint8Array, envelope: { txId: string; reference: string }, how?: SealChoices): Promise<TransactionEvent>;
};

export type SealChoices = {
  key?: { id: string; publicJwk: object };
  /** Bind to another envelope than the one that is sent. */
  boundTo?: { sequence?: number; terminal?: string; txId?: string };
};

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function createFakeTerminal(terminal: string, key: { id: string; publicJwk: object }): FakeTerminal {
  const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  let sequence = 0;

  async function sealBytes(
    plain: Uint8Array,
    envelope: { txId: string; reference: string },
    how: SealChoices = {},
  ): Promise<TransactionEvent> {
    sequence++;
    const sealKey = how.key ?? key;
    const recipientPublicKey = await suite.kem.importKey('jwk', { ...sealKey.publicJwk }, true);
    const context = await suite.createSenderContext({ recipientPublicKey, info: new TextEncoder().encode(sealSuite) });
    const aad = sealContext({ txId: envelope.txId, terminal, sequence, keyId: sealKey.id, ...how.boundTo });
    const sealed = await context.seal(plain, aad);
    return {
      specversion: '1.0',
      id: envelope.txId,
      source: `urn:loket:terminal:${terminal}`,
      type: 'be.loket.transaction.v1',
      time: '2026-11-20T09:00:00.000Z',
      datacontenttype: 'application/octet-stream',
      data_base64: Buffer.from(sealed).toString('base64'),
      sequence,
      reference: envelope.reference,
      suite: sealSuite,
      keyid: sealKey.id,
      encapsulated: Buffer.from(context.enc).toString('base64'),
    };
  }

  return {
    sealBytes,
    seal: (content, how) => sealBytes(new TextEncoder().encode(JSON.stringify(content)), content, how),
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
      openedAt: '2026-11-20T08:58:00.000Z',
      submittedAt: '2026-11-20T09:00:00.000Z',
      ...changes,
    }),
  };
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
