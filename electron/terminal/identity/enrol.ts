import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { compactVerify, importJWK } from 'jose';
import { Enrolment, Renewal, readCode } from '../../../contract/enrolment.ts';
import { KeySet, keySetType } from '../../../contract/key-set.ts';
import { ok, type Result, refuse } from '../../../contract/result.ts';
import { mediaType } from '../../../contract/wire.ts';
import type { IdentityRecord } from './identity-file.ts';
import { makeSigningRequest } from './signing-request.ts';

export type EnrolProblem = 'not_a_code' | 'no_connection' | 'busy' | 'not_the_middleware' | 'code_refused';

export type TlsAnswer = { status: number; mediaType: string; body: string };
/** One request over TLS. `ca` null: whoever answers is not believed yet. Throws when no HTTP answer comes. */
export type AskOnce = (request: {
  url: string;
  path: string;
  tls: { ca: string | null };
  post: { mediaType: string; body: string } | null;
}) => Promise<TlsAnswer>;

/**
 * Turns a one-time code into an identity. The first request believes nobody and sends nothing: it fetches a root, and the
 * code says whether that is the one. From then on that root is the only one believed.
 * @param privateKey PEM, made with `makeKey` and kept by the caller until the end: the code is used up by the first answer,
 * and if that one is lost, it works again for the same key only
 */
export async function enrol({
  url,
  terminal,
  code,
  privateKey: pem,
  ask,
}: {
  url: string;
  terminal: string;
  code: string;
  privateKey: string;
  ask: AskOnce;
}): Promise<Result<IdentityRecord, EnrolProblem>> {
  const read = readCode(code);
  if (read === null) return refuse('not_a_code');
  const root = await fetchRoot(url, read.root, ask);
  if (!root.ok) return root;
  const privateKey = createPrivateKey(pem);
  const body = JSON.stringify({
    terminal,
    secret: Buffer.from(read.secret).toString('base64url'),
    request: makeSigningRequest(terminal, privateKey),
  });
  let answer: TlsAnswer;
  try {
    answer = await ask({ url, path: '/v1/enrolments', tls: { ca: root.value }, post: { mediaType: mediaType.json, body } });
  } catch (error) {
    return refuse(isCertificateError(error) ? 'not_the_middleware' : 'no_connection');
  }
  // 400: the key belongs to an identity already; the code is not used up by it.
  if (answer.status === 403 || answer.status === 400) return refuse('code_refused');
  if (answer.status === 429 || answer.status >= 500) return refuse('busy');
  const enrolment = answer.status === 200 && answer.mediaType === mediaType.json ? parse(Enrolment, answer.body) : null;
  if (enrolment === null || enrolment.terminal !== terminal) return refuse('not_the_middleware');
  if (!isForKey(enrolment.certificates, { terminal, privateKey, root: root.value })) return refuse('not_the_middleware');
  if (!(await isKeySet(enrolment.keySet, enrolment.keySetKey))) return refuse('not_the_middleware');
  const { certificates, keySetKey, keySet, operatorSecret } = enrolment;
  return ok({ terminal, certificates, root: root.value, keySetKey, keySet, operatorSecret, privateKey: pem });
}

/** P-256, PKCS#8, PEM. */
export function makeKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The next certificate, for a new key, over the line of the current one. Null: not now; the one there is goes on. */
export async function renew(
  current: IdentityRecord,
  post: (path: string, mediaType: string, body: string) => Promise<TlsAnswer>,
): Promise<IdentityRecord | null> {
  const pem = makeKey();
  const privateKey = createPrivateKey(pem);
  const { terminal, root } = current;
  const body = JSON.stringify({ terminal, request: makeSigningRequest(terminal, privateKey) });
  let answer: TlsAnswer;
  try {
    answer = await post('/v1/certificates', mediaType.json, body);
  } catch {
    return null;
  }
  const renewal = answer.status === 200 && answer.mediaType === mediaType.json ? parse(Renewal, answer.body) : null;
  if (renewal === null || !isForKey(renewal.certificates, { terminal, privateKey, root })) return null;
  return { ...current, certificates: renewal.certificates, privateKey: pem };
}

async function fetchRoot(url: string, beginning: Uint8Array, ask: AskOnce): Promise<Result<string, EnrolProblem>> {
  let answer: TlsAnswer;
  try {
    answer = await ask({ url, path: '/v1/root', tls: { ca: null }, post: null });
  } catch {
    return refuse('no_connection');
  }
  try {
    const root = new X509Certificate(answer.body);
    const sha256 = createHash('sha256').update(root.raw).digest();
    return root.ca && sha256.subarray(0, beginning.length).equals(beginning) ? ok(root.toString()) : refuse('not_the_middleware');
  } catch {
    return refuse('not_the_middleware');
  }
}

/** Names this terminal, certifies the key that was just made, and stands behind the pinned root. */
function isForKey(certificates: readonly string[], expected: { terminal: string; privateKey: KeyObject; root: string }): boolean {
  try {
    const chain = [...certificates.map((der) => new X509Certificate(Buffer.from(der, 'base64'))), new X509Certificate(expected.root)];
    const own = chain[0];
    const linked = chain.every((certificate, at) => at === chain.length - 1 || certificate.verify(nextOf(chain, at).publicKey));
    return own !== undefined && linked && own.subject === `CN=${expected.terminal}` && own.checkPrivateKey(expected.privateKey);
  } catch {
    return false;
  }
}

function nextOf(chain: readonly X509Certificate[], at: number): X509Certificate {
  const next = chain[at + 1];
  if (next === undefined) throw new Error('a chain without an end');
  return next;
}

async function isKeySet(jws: string, key: Enrolment['keySetKey']): Promise<boolean> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(key, 'ES256'), { algorithms: ['ES256'] });
    return protectedHeader.typ === keySetType && KeySet.safeParse(JSON.parse(new TextDecoder().decode(payload))).success;
  } catch {
    return false;
  }
}

function parse<T>(shape: { safeParse(value: unknown): { success: true; data: T } | { success: false } }, body: string): T | null {
  try {
    const read = shape.safeParse(JSON.parse(body));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** Node's codes of a certificate that does not fit: `ERR_TLS_…`, OpenSSL's `…CERT…`, `…CHAIN…`. */
function isCertificateError(error: unknown): boolean {
  const codes = [error, error instanceof Error ? error.cause : null].map((one) =>
    one instanceof Error && 'code' in one ? String(one.code) : '',
  );
  return codes.some((code) => /CERT|ERR_TLS|CHAIN|SELF_SIGNED|ISSUER|UNABLE_TO_VERIFY/.test(code));
}
