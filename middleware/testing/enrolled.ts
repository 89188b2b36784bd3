// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { readCode } from '../../contract/enrolment.ts';
import { issueEnrolmentCode } from '../enrolment/codes.ts';
import { enrol } from '../enrolment/enrol.ts';
import { readRequestedKey } from '../enrolment/read-request.ts';
import type { LoadedKeys } from '../load-keys.ts';
import type { Database } from '../store/database.ts';
import type { TerminalKeys } from './fake-terminal.ts';

/** PEM, as TLS takes it. */
export type ClientIdentity = { key: string; cert: string };

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** PKCS#10 by these keys, DER, base64. */
export async function makeRequest({ privateKey, publicKey }: TerminalKeys): Promise<string> {
  x509.cryptoProvider.set(crypto);
  const pkcs8 = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=whoever',
    keys: {
      privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, p256, false, ['sign']),
      publicKey: await crypto.subtle.importKey('spki', spki, p256, true, ['verify']),
    },
    signingAlgorithm: p256,
  });
  return Buffer.from(request.rawData).toString('base64');
}

/** Past HTTP, for tests that are about something else. A terminal that was enrolled before is enrolled anew. */
export async function enrolDirectly(
  parts: { database: Database; keys: Pick<LoadedKeys, 'terminalCa' | 'rootSha256'>; now?: () => Date },
  terminal: { id: string; name?: string; keys: TerminalKeys },
): Promise<ClientIdentity> {
  const { database, keys, now = () => new Date() } = parts;
  const { id, name = id } = terminal;
  const order = { terminal: id, name, by: 'a test', rootSha256: keys.rootSha256, now: now() };
  const { code } = await issueEnrolmentCode(database, order);
  const key = await readRequestedKey(await makeRequest(terminal.keys));
  const secret = readCode(code)?.secret;
  if (key === null || secret === undefined) throw new Error('a test made a request that is none');
  const enrolled = await enrol({ database, terminalCa: keys.terminalCa, now }, { terminal: id, secret, key });
  if (!enrolled.ok) throw new Error(`not enrolled: ${enrolled.error}`);
  return { key: toPem(terminal.keys.privateKey), cert: enrolled.value.certificate.toString() };
}

export function toPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
