import { createHash, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Algorithm,
  certificateBytes,
  issue,
  makeKeys,
  privateKeyBytes,
  privateKeyObject,
  publicKeyBytes,
  type Signer,
} from './certificates.ts';
import { type AddressFields, allPersonas, type EidPersona, type IdentityFields, isEid } from './personas.ts';
import { encodeField, padTo, text, trimZeros } from './tlv.ts';

/** All certificates that prove something are valid from before the oldest card until long after the newest. */
const issuersFrom = new Date('2014-01-01T00:00:00Z');
const issuersUntil = new Date('2046-01-01T00:00:00Z');

/** The National Register's keys for one generation of cards, and the citizens' CA beside it. */
type Issuers = { root: Signer; register: Signer; citizens: Signer };

type CardFiles = Record<string, Buffer>;

async function makeRoot(name: string): Promise<Signer> {
  const subject = `CN=${name}, O=Loket test, C=BE`;
  return await issue({ subject, usage: 'ca', from: issuersFrom, until: issuersUntil, algorithm: 'p384', issuer: null });
}

async function makeIssuers(root: Signer, algorithm: Algorithm): Promise<Issuers> {
  const common = { from: issuersFrom, until: issuersUntil, algorithm, issuer: root };
  const register = await issue({ ...common, subject: 'CN=Loket test RRN, O=Loket test, C=BE', usage: 'seal' });
  const citizens = await issue({ ...common, subject: 'CN=Loket test Citizen CA, O=Loket test, C=BE', usage: 'ca' });
  return { root, register, citizens };
}

/** 16 bytes as a chip has them; the last 8, in hexadecimal, are the token's serial number. */
function chipNumber(persona: EidPersona): Buffer {
  const own = createHash('sha256').update(`loket virtual card ${persona.id}`).digest().subarray(0, 8);
  return Buffer.concat([Buffer.from('534C494E33660013', 'hex'), own]);
}

function identityFile(fields: IdentityFields, chip: Buffer, photoHash: Buffer, basicKeyHash: Buffer | null): Buffer {
  const parts: [number, Buffer | null][] = [
    [0x00, Buffer.from([0x00, 0x05])],
    [0x01, text(fields.cardNumber)],
    [0x02, chip],
    [0x03, text(fields.validFrom)],
    [0x04, text(fields.validUntil)],
    [0x05, text(fields.issuingMunicipality)],
    [0x06, text(fields.nationalNumber)],
    [0x07, text(fields.surname)],
    [0x08, text(fields.firstNames)],
    [0x09, text(fields.thirdNameInitial)],
    [0x0a, text(fields.nationality)],
    [0x0b, text(fields.birthPlace)],
    [0x0c, text(fields.birthDate)],
    [0x0d, text(fields.sex)],
    [0x0e, text(fields.nobility)],
    [0x0f, text(fields.documentType)],
    [0x10, text(fields.specialStatus)],
    [0x11, photoHash],
    [0x12, text(fields.duplicate)],
    [0x16, fields.workPermit === undefined ? null : text(fields.workPermit)],
    [0x1a, basicKeyHash],
  ];
  return Buffer.concat(parts.flatMap(([tag, value]) => (value === null ? [] : [encodeField(tag, value)])));
}

function addressFile(fields: AddressFields): Buffer {
  const content = Buffer.concat([
    encodeField(0x00, Buffer.from([0x00, 0x01])),
    encodeField(0x01, text(fields.streetAndNumber)),
    encodeField(0x02, text(fields.postalCode)),
    encodeField(0x03, text(fields.municipality)),
  ]);
  return padTo(content, 117);
}

/** ECDSA P-384 with SHA-384, DER; RSA PKCS#1 v1.5 with SHA-256: by the key of the National Register's certificate. */
async function signAsRegister(register: Signer, data: Buffer): Promise<Buffer> {
  const key = await privateKeyObject(register.keys.privateKey);
  return register.algorithm === 'p384' ? sign('sha384', data, { key, dsaEncoding: 'der' }) : sign('sha256', data, key);
}

function cardData(persona: EidPersona, chip: Buffer): Buffer {
  const rest = persona.applet === '18' ? 'A504010101180001010000 0F 030A03' : 'A5030101011700030021010F';
  return Buffer.concat([chip, Buffer.from(rest.replaceAll(' ', ''), 'hex')]);
}

function replaceBytes(file: Buffer, from: string, to: string): Buffer {
  const at = file.indexOf(text(from));
  if (at < 0 || text(from).length !== text(to).length) throw new Error(`persona's change does not fit: ${from.length} bytes`);
  const changed = Buffer.from(file);
  text(to).copy(changed, at);
  return changed;
}

/** What happened to the chip after it was signed. */
function alter(persona: EidPersona, files: CardFiles): void {
  const { altered } = persona;
  if (altered === undefined) return;
  if (altered.field === 'garbled') {
    const start = (files.identity ?? Buffer.alloc(0)).subarray(0, 21);
    files.identity = Buffer.concat([start, createHash('sha512').update(persona.id).digest(), Buffer.from([0x07, 0xff, 0xff, 0x41])]);
    return;
  }
  const [file, from] =
    altered.field === 'surname'
      ? (['identity', persona.identity.surname] as const)
      : (['address', persona.address.streetAndNumber] as const);
  files[file] = replaceBytes(files[file] ?? Buffer.alloc(0), from, altered.to ?? '');
}

function parseCardDate(date: string): Date {
  const [day, month, year] = date.split('.');
  return new Date(`${year}-${month}-${day}T12:00:00Z`);
}

async function citizenFiles(persona: EidPersona, issuers: Issuers, algorithm: Algorithm): Promise<CardFiles> {
  const { identity } = persona;
  const common = {
    from: parseCardDate(identity.validFrom),
    until: parseCardDate(identity.validUntil),
    algorithm,
    issuer: issuers.citizens,
  };
  // surname, givenName and serialNumber, as citizens' certificates have them
  const person = `2.5.4.4=${identity.surname}, 2.5.4.42=${identity.firstNames}, 2.5.4.5=${identity.nationalNumber}, C=BE`;
  const name = `${identity.firstNames.split(' ')[0]} ${identity.surname}`;
  const authentication = await issue({ ...common, subject: `CN=${name} (Authentication), ${person}`, usage: 'authentication' });
  const signature = await issue({ ...common, subject: `CN=${name} (Signature), ${person}`, usage: 'signature' });
  return {
    'auth-cert': certificateBytes(authentication.certificate),
    'auth-key': await privateKeyBytes(authentication.keys.privateKey),
    'sign-cert': certificateBytes(signature.certificate),
    'sign-key': await privateKeyBytes(signature.keys.privateKey),
  };
}

/** The zero bytes that the chip's certificate files end with: 1100 on applet 1.8, 50 on 1.7. */
function padCertificates(files: CardFiles, applet: EidPersona['applet']): void {
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('-cert')) files[name] = Buffer.concat([content, Buffer.alloc(applet === '18' ? 1100 : 50)]);
  }
}

async function eidFiles(persona: EidPersona, issuers: Issuers, photo: Buffer): Promise<CardFiles> {
  const newer = persona.applet === '18';
  const algorithm = newer ? 'p384' : 'rsa2048';
  const chip = chipNumber(persona);
  const cardKeys = await makeKeys('p384');
  const basicKey = await publicKeyBytes(cardKeys.publicKey);
  const photoHash = createHash(newer ? 'sha384' : 'sha256')
    .update(photo)
    .digest();
  const identity = identityFile(persona.identity, chip, photoHash, newer ? createHash('sha384').update(basicKey).digest() : null);
  const identitySign = await signAsRegister(issuers.register, identity);
  const address = addressFile(persona.address);
  const addressSign = await signAsRegister(issuers.register, Buffer.concat([trimZeros(address), identitySign]));
  const files: CardFiles = {
    identity,
    'identity-sign': identitySign,
    address,
    'address-sign': newer ? padTo(addressSign, 128) : addressSign,
    photo,
    'rn-cert': certificateBytes(issuers.register.certificate),
    'ca-cert': certificateBytes(issuers.citizens.certificate),
    'root-cert': certificateBytes(issuers.root.certificate),
    'token-info': Buffer.from([0x01, 0x03, 0x00, 0x00]),
    'card-data': cardData(persona, chip),
    atr: Buffer.from(newer ? '3B7F96000080318065B085040120120FFF829000' : '3B9813400AA503010101AD1311', 'hex'),
    ...(await citizenFiles(persona, issuers, algorithm)),
    ...(newer ? { 'basic-key': basicKey, 'card-key': await privateKeyBytes(cardKeys.privateKey) } : {}),
  };
  padCertificates(files, persona.applet);
  alter(persona, files);
  return files;
}

function writeCard(folder: string, description: string[], files: CardFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  writeFileSync(path.join(folder, 'card'), `${description.join('\n')}\n`);
}

/**
 * Writes a folder for each persona into `out`/cards, and the test root as `out`/root.pem.
 * @returns when the first of the certificates that prove something expires
 */
export async function makeCards(out: string, photos: string): Promise<Date> {
  const root = await makeRoot('Loket test root');
  const strangerRoot = await makeRoot('Loket test stranger root');
  const issuers = {
    test18: await makeIssuers(root, 'p384'),
    test17: await makeIssuers(root, 'rsa2048'),
    stranger: await makeIssuers(strangerRoot, 'p384'),
  };
  for (const persona of allPersonas) {
    const folder = path.join(out, 'cards', persona.id);
    if (!isEid(persona)) {
      writeCard(folder, [`kind ${persona.card}`], {});
      continue;
    }
    const issuer = persona.issuer === 'stranger' ? issuers.stranger : persona.applet === '18' ? issuers.test18 : issuers.test17;
    const files = await eidFiles(persona, issuer, readFileSync(path.join(photos, persona.photo)));
    const description = ['kind eid', `applet ${persona.applet}`, 'pin 1234', ...(persona.card === 'worn' ? ['worn 1'] : [])];
    writeCard(folder, description, files);
  }
  writeFileSync(path.join(out, 'root.pem'), `${root.certificate.toString('pem')}\n`);
  writeFileSync(path.join(out, 'stranger-root.pem'), `${strangerRoot.certificate.toString('pem')}\n`);
  return issuersUntil;
}
