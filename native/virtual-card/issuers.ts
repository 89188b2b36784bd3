import { sign } from 'node:crypto';
import { type Algorithm, issue, privateKeyObject, type Signer } from './certificates.ts';
import type { EidPersona, Register } from './personas.ts';

/** All certificates that prove something are valid from before the oldest card until long after the newest. */
const from = new Date('2014-01-01T00:00:00Z');
export const issuersUntil = new Date('2046-01-01T00:00:00Z');
const span = { from, until: issuersUntil };

/** Who signs the files and the certificates of one card. */
export type CardIssuers = { root: Signer; register: Signer; citizens: Signer };

export type Issuers = {
  root: Signer;
  strangerRoot: Signer;
  /** The citizens' CAs of the test root, per generation of chips. */
  citizens: Record<Algorithm, Signer>;
  of(persona: EidPersona): CardIssuers;
};

async function makeRoot(name: string, label: string): Promise<Signer> {
  return await issue({ ...span, name, subject: `CN=${label}, O=Loket test, C=BE`, usage: 'root', algorithm: 'p384', issuer: null });
}

async function makeCitizens(root: Signer, algorithm: Algorithm): Promise<Signer> {
  const kind = algorithm === 'p384' ? 'ec' : 'rsa';
  const subject = `CN=Loket test Citizen CA ${kind.toUpperCase()}, O=Loket test, C=BE`;
  return await issue({ ...span, name: `citizen-ca-${kind}`, subject, usage: 'ca', algorithm, issuer: root });
}

async function makeRegister(root: Signer, algorithm: Algorithm, forgedBy?: Signer): Promise<Signer> {
  const subject = 'CN=Loket test RRN, O=Loket test, C=BE';
  return await issue({ ...span, name: 'register', subject, usage: 'seal', algorithm, issuer: root, ...(forgedBy ? { forgedBy } : {}) });
}

export async function makeIssuers(): Promise<Issuers> {
  const [root, strangerRoot] = await Promise.all([makeRoot('root', 'Loket test root'), makeRoot('stranger', 'Loket test stranger root')]);
  const [p384, rsa2048] = await Promise.all([makeCitizens(root, 'p384'), makeCitizens(root, 'rsa2048')]);
  const [ec, rsa] = await Promise.all([makeRegister(root, 'p384'), makeRegister(root, 'rsa2048')]);
  const [forged, strange, strangeCitizens] = await Promise.all([
    makeRegister(root, 'p384', strangerRoot),
    makeRegister(strangerRoot, 'p384'),
    makeCitizens(strangerRoot, 'p384'),
  ]);
  const citizens = { p384, rsa2048 };
  return {
    root,
    strangerRoot,
    citizens,
    of(persona) {
      if (persona.issuer === 'stranger') return { root: strangerRoot, register: strange, citizens: strangeCitizens };
      const register = persona.altered?.field === 'chain' ? forged : persona.register === 'ec' ? ec : rsa;
      return { root, register, citizens: persona.applet === '18' ? p384 : rsa2048 };
    },
  };
}

/** The National Register's signature over a file: ECDSA P-384 with SHA-384, DER; RSA PKCS#1 v1.5 with SHA-256 or SHA-1. */
export async function signAsRegister(register: Signer, kind: Register, data: Buffer): Promise<Buffer> {
  const key = await privateKeyObject(register.keys.privateKey);
  if (kind === 'ec') return sign('sha384', data, { key, dsaEncoding: 'der' });
  return sign(kind === 'rsa_sha1' ? 'sha1' : 'sha256', data, key);
}
