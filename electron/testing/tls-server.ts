// Before @peculiar/x509, which looks for it when it is loaded.
import 'reflect-metadata';
import { KeyObject } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import * as x509 from '@peculiar/x509';

const p256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const day = 24 * 3_600_000;

export type Authority = { pem: string; certificate: x509.X509Certificate; privateKey: CryptoKey };
export type Pair = { key: string; cert: string };

async function certify(name: string, issuer: Authority | null, dates: { from?: Date; until?: Date }) {
  x509.cryptoProvider.set(crypto);
  const keys = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: dates.from ?? new Date(Date.now() - day),
    notAfter: dates.until ?? new Date(Date.now() + 30 * day),
    publicKey: keys.publicKey,
    signingKey: issuer?.privateKey ?? keys.privateKey,
    signingAlgorithm: p256,
    extensions: [
      new x509.BasicConstraintsExtension(issuer === null, undefined, true),
      ...(issuer === null ? [] : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])]),
    ],
  });
  return { certificate, pem: certificate.toString('pem'), privateKey: keys.privateKey };
}

export const makeAuthority = (name: string): Promise<Authority> => certify(name, null, {});

/** For `localhost`, or a terminal. */
export async function makePair(name: string, issuer: Authority, dates: { from?: Date; until?: Date } = {}): Promise<Pair> {
  const { pem, privateKey } = await certify(name, issuer, dates);
  return { cert: pem, key: KeyObject.from(privateKey).export({ format: 'pem', type: 'pkcs8' }).toString() };
}

export type TlsServer = {
  url: string;
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  /** From now on it shows this certificate; connections that are open are cut. */
  show(pair: Pair): void;
  cut(): void;
  close(): Promise<void>;
};

/** Asks for a client certificate of `clients` and insists on it. `answer` may be changed at any time. */
export async function startTlsServer(options: { pair: Pair; clients: Authority; maxVersion?: 'TLSv1.2' }): Promise<TlsServer> {
  const sockets = new Set<Duplex>();
  const tls = { ca: options.clients.pem, requestCert: true, rejectUnauthorized: true };
  const server: Server = createServer({ ...options.pair, ...tls, ...(options.maxVersion && { maxVersion: options.maxVersion }) });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => running.answer(request, Buffer.concat(parts).toString('utf8'), response));
    request.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const running: TlsServer = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    answer: (_request, _body, response) => response.writeHead(404).end(),
    show(pair) {
      server.setSecureContext({ ...pair, ...tls });
      cut();
    },
    cut,
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return running;
}
