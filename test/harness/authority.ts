import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type CertID, OCSPRequest } from 'pkijs';
import { issue } from '../../middleware/testing/pki.ts';
import { loadAuthorities } from '../../native/virtual-card/authority-keys.ts';
import { type AuthorityKey, copy, keyBits, makeList, makeOcspAnswer, type Status } from './authority-answers.ts';

/**
 * `stale`: true once, a month ago. `forged`: signed by nobody known. `unauthorised`: signed by a responder that the issuer
 * never named. `unknown`: the responder knows no such certificate, and there is no list.
 */
export type AuthorityMode = 'ok' | 'down' | 'slow' | 'stale' | 'forged' | 'unauthorised' | 'garbage' | 'huge' | 'unknown';

/** `name`: of its list, as certificates give it: `http://…/NAME.crl`. */
export type Issuer = AuthorityKey & { name: string };

/** The authority behind test certificates: answers OCSP and hands out lists, as the switch says. */
export type Authority = {
  /** In place of the hosts that test certificates name: `revocation.instead` of the middleware's configuration. */
  ocspUrl: string;
  crlUrl: string;
  /** For both, or for one of the two. */
  setMode(mode: AuthorityMode, only?: 'ocsp' | 'crl'): void;
  /** Serials in hexadecimal. They are random, so one set does for all issuers. */
  setRevoked(serials: readonly string[]): void;
  /** How many questions came. */
  asked(): { ocsp: number; crl: number };
  close(): Promise<void>;
};

export type AuthorityOptions = { issuers: readonly Issuer[]; revoked?: readonly string[]; now?: () => Date; echoNonce?: boolean };

const minute = 60_000;
const day = 24 * 60 * minute;
const nonceOid = '1.3.6.1.5.5.7.48.1.2';

export async function startAuthority({
  issuers,
  now = () => new Date(),
  echoNonce = true,
  ...options
}: AuthorityOptions): Promise<Authority> {
  const modes = { ocsp: 'ok' as AuthorityMode, crl: 'ok' as AuthorityMode };
  const asked = { ocsp: 0, crl: 0 };
  let revoked = new Set((options.revoked ?? []).map(normal));
  const byKeyHash = new Map(issuers.map((issuer) => [keyHash(issuer), issuer]));
  const stranger = await issue({ name: 'Loket proof stranger', usage: 'ocsp' });
  const open = new Set<ServerResponse>();

  /** What the mode says about who signs and since when it is true. */
  function stamp(mode: AuthorityMode, issuer: AuthorityKey, lifeMs: number) {
    const thisUpdate = new Date(now().getTime() - (mode === 'stale' ? 30 * day : minute));
    const signer = mode === 'forged' || mode === 'unauthorised' ? stranger : issuer;
    return { signer, thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + lifeMs) };
  }

  function answerOcsp(question: Buffer): Uint8Array | null {
    const { tbsRequest } = OCSPRequest.fromBER(copy(question));
    const about = tbsRequest.requestList.map(({ reqCert }) => ({ certId: reqCert, status: statusOf(reqCert) }));
    const issuer = about[0] === undefined ? undefined : byKeyHash.get(hex(about[0].certId.issuerKeyHash.valueBlock.valueHexView));
    if (issuer === undefined) return null;
    const nonce = tbsRequest.requestExtensions?.find(({ extnID }) => extnID === nonceOid)?.extnValue.valueBlock.valueHexView;
    return makeOcspAnswer({
      ...stamp(modes.ocsp, issuer, 12 * 60 * minute),
      about,
      nonce: echoNonce ? nonce : undefined,
      certificates: modes.ocsp === 'unauthorised' ? [stranger.certificate] : [],
    });
  }

  function statusOf({ serialNumber }: CertID): Status {
    if (modes.ocsp === 'unknown') return 'unknown';
    return revoked.has(normal(hex(serialNumber.valueBlock.valueHexView))) ? 'revoked' : 'good';
  }

  function answerList(path: string): Uint8Array | null {
    const issuer = issuers.find(({ name }) => path.endsWith(`/${name}.crl`));
    if (issuer === undefined || modes.crl === 'unknown') return null;
    return makeList({ ...stamp(modes.crl, issuer, 7 * day), issuer, revoked: [...revoked].map((serial) => ({ serial })) });
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const kind = path.startsWith('/ocsp') ? 'ocsp' : 'crl';
    asked[kind]++;
    switch (modes[kind]) {
      case 'down':
        request.socket.destroy();
        return;
      case 'slow':
        return;
      case 'garbage':
        response.end(randomBytes(900));
        return;
      case 'huge':
        pourOut(response);
        return;
      default: {
        const body = kind === 'ocsp' ? answerOcsp(await buffer(request)) : answerList(path);
        response.writeHead(body === null ? 404 : 200, {
          'content-type': kind === 'ocsp' ? 'application/ocsp-response' : 'application/pkix-crl',
        });
        response.end(body);
      }
    }
  }

  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    answer(request, response).catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the authority has no port');
  const base = `http://127.0.0.1:${address.port}`;
  return {
    ocspUrl: `${base}/ocsp`,
    crlUrl: base,
    setMode(mode, only) {
      if (only !== 'crl') modes.ocsp = mode;
      if (only !== 'ocsp') modes.crl = mode;
    },
    setRevoked(serials) {
      revoked = new Set(serials.map(normal));
    },
    asked: () => ({ ...asked }),
    async close() {
      for (const response of open) response.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The one behind the virtual card's certificates. `folder`: where `buildVirtualCard` put them. */
export async function startCardAuthority(folder: string): Promise<Authority> {
  const authorities = loadAuthorities(folder);
  const issuers = authorities.map(({ name, certificate, key }) => ({
    name,
    certificate,
    key: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  }));
  return await startAuthority({ issuers, revoked: authorities.flatMap(({ revoked }) => revoked) });
}

/** Without an end and without a length said before. */
function pourOut(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024, 0x30);
  const pour = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', pour);
  pour();
}

function keyHash({ certificate }: AuthorityKey): string {
  return hex(createHash('sha1').update(keyBits(certificate)).digest());
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function normal(serial: string): string {
  return BigInt(`0x${serial}`).toString(16);
}
