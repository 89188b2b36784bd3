import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { alter } from './alter.ts';
import { type Revoked, writeAuthority } from './authority-keys.ts';
import { addressFile, type CardFiles, cardData, chipNumber, identityFile, padCertificates, stampPhoto } from './card-files.ts';
import { certificateBytes, issue, makeKeys, privateKeyBytes, publicKeyBytes, type Signer } from './certificates.ts';
import { type CardIssuers, issuersUntil, makeIssuers, signAsRegister } from './issuers.ts';
import { allPersonas, type EidPersona, isEid } from './personas.ts';
import { padTo, trimZeros } from './tlv.ts';

function parseCardDate(date: string): Date {
  const [day, month, year] = date.split('.');
  return new Date(`${year}-${month}-${day}T12:00:00Z`);
}

/** The longest common name that X.520 allows. */
const commonNameMax = 64;

async function issueCitizen(persona: EidPersona, citizens: Signer, usage: 'authentication' | 'signature'): Promise<Signer> {
  const { surname, firstNames, nationalNumber, validFrom, validUntil } = persona.identity;
  const kind = usage === 'authentication' ? ' (Authentication)' : ' (Signature)';
  const name = `${firstNames.split(' ')[0]} ${surname}`.slice(0, commonNameMax - kind.length);
  // surname, givenName and serialNumber, as citizens' certificates have them
  const person = `2.5.4.4=${surname}, 2.5.4.42=${firstNames}, 2.5.4.5=${nationalNumber}, C=BE`;
  return await issue({
    name: `${persona.id}-${usage}`,
    subject: `CN=${name}${kind}, ${person}`,
    usage,
    from: parseCardDate(validFrom),
    until: parseCardDate(validUntil),
    algorithm: citizens.algorithm,
    issuer: citizens,
  });
}

type Made = { files: CardFiles; revoked: Revoked[] };

async function citizenFiles(persona: EidPersona, citizens: Signer): Promise<Made> {
  const made: Made = { files: {}, revoked: [] };
  const usages = { both: ['authentication', 'signature'], authentication: ['authentication'], none: [] } as const;
  for (const usage of usages[persona.certificates]) {
    const { certificate, keys } = await issueCitizen(persona, citizens, usage);
    const name = usage === 'authentication' ? 'auth' : 'sign';
    made.files[`${name}-cert`] = certificateBytes(certificate);
    made.files[`${name}-key`] = await privateKeyBytes(keys.privateKey);
    if (persona.revoked) made.revoked.push({ issuer: citizens.name, serial: certificate.serialNumber });
  }
  return made;
}

type Chip = { files: CardFiles; keyHash: Buffer | null };

/** The key that proves the chip itself: on applet 1.8 alone. */
async function chipFiles(persona: EidPersona): Promise<Chip> {
  if (persona.applet === '17') return { files: {}, keyHash: null };
  const keys = await makeKeys('p384');
  const basicKey = await publicKeyBytes(keys.publicKey);
  const files = { 'basic-key': basicKey, 'card-key': await privateKeyBytes(keys.privateKey) };
  return { files, keyHash: createHash('sha384').update(basicKey).digest() };
}

/** Identity and address, and the National Register's signatures over them. */
async function signedFiles(
  persona: EidPersona,
  { register }: CardIssuers,
  hashes: { photo: Buffer; basicKey: Buffer | null },
): Promise<CardFiles> {
  const identity = identityFile(persona.identity, { chip: chipNumber(persona), ...hashes });
  const identitySign = await signAsRegister(register, persona.register, identity);
  const address = addressFile(persona.address);
  const addressSign = await signAsRegister(register, persona.register, Buffer.concat([trimZeros(address), identitySign]));
  const isEc = persona.register === 'ec';
  return { identity, 'identity-sign': identitySign, address, 'address-sign': isEc ? padTo(addressSign, 128) : addressSign };
}

async function eidFiles(persona: EidPersona, issuers: CardIssuers, drawn: (file: string) => Buffer): Promise<Made> {
  const photo = stampPhoto(drawn(persona.photo), persona.id);
  const [chip, citizen] = await Promise.all([chipFiles(persona), citizenFiles(persona, issuers.citizens)]);
  const hashes = { photo: createHash(persona.photoHash).update(photo).digest(), basicKey: chip.keyHash };
  const newer = persona.applet === '18';
  const files: CardFiles = {
    ...(await signedFiles(persona, issuers, hashes)),
    photo,
    'rn-cert': certificateBytes(issuers.register.certificate),
    'ca-cert': certificateBytes(issuers.citizens.certificate),
    'root-cert': certificateBytes(issuers.root.certificate),
    'token-info': Buffer.from([0x01, 0x03, 0x00, 0x00]),
    'card-data': cardData(persona, chipNumber(persona)),
    atr: Buffer.from(newer ? '3B7F96000080318065B085040120120FFF829000' : '3B9813400AA503010101AD1311', 'hex'),
    ...citizen.files,
    ...chip.files,
  };
  padCertificates(files, persona.applet);
  await alter(persona, files, drawn);
  return { files, revoked: citizen.revoked };
}

function describe(persona: EidPersona): string[] {
  const worn = persona.card === 'worn' ? ['worn 1'] : [];
  const blocked = persona.pin === 'blocked' ? ['tries 0'] : [];
  return ['kind eid', `applet ${persona.applet}`, 'pin 1234', ...worn, ...blocked];
}

function writeCard(folder: string, description: string[], files: CardFiles): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  writeFileSync(path.join(folder, 'card'), `${description.join('\n')}\n`);
}

/** The card of one more person, into `folder`. Of the issuers only these are its own: `makeIssuers` makes new ones each time. */
export async function makeCard(folder: string, persona: EidPersona, issuers: CardIssuers, photos: string): Promise<void> {
  const { files } = await eidFiles(persona, issuers, (file) => readFileSync(path.join(photos, file)));
  writeCard(folder, describe(persona), files);
}

/**
 * Writes a folder for each persona into `out`/cards, the test root as `out`/root.pem, and what the test authority needs.
 * @returns when the first of the certificates that prove something expires
 */
export async function makeCards(out: string, photos: string): Promise<Date> {
  const issuers = await makeIssuers();
  const drawn = (file: string) => readFileSync(path.join(photos, file));
  const revoked: Revoked[] = [];
  for (const persona of allPersonas) {
    const folder = path.join(out, 'cards', persona.id);
    if (!isEid(persona)) {
      writeCard(folder, [`kind ${persona.card}`], {});
      continue;
    }
    const made = await eidFiles(persona, issuers.of(persona), drawn);
    revoked.push(...made.revoked);
    writeCard(folder, describe(persona), made.files);
  }
  writeFileSync(path.join(out, 'root.pem'), `${issuers.root.certificate.toString('pem')}\n`);
  writeFileSync(path.join(out, 'stranger-root.pem'), `${issuers.strangerRoot.certificate.toString('pem')}\n`);
  await writeAuthority(out, { signers: [issuers.root, ...Object.values(issuers.citizens)], revoked });
  return issuersUntil;
}
