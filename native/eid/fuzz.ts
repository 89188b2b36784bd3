import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { CardAddress, Identity } from '../../contract/identity.ts';
import { parseAddressFile } from './address-file.ts';
import { parseIdentityFile } from './identity-file.ts';
import { asJpeg, isPhotoOfHash } from './photo.ts';
import { isIssuedByRoot, parseCertificate, proveCard } from './prove.ts';
import { pinnedRoots, type Root, testRoot } from './roots.ts';
import { makeSampleCard, type SampleCard } from './sample-card.ts';

/**
 * Throws hostile bytes at everything that reads a card: mutations of valid files and plain noise, with shrinking. A test
 * runs a few thousand; `node native/eid/fuzz.ts --inputs N --seed S` runs as many as asked and prints one line of JSON.
 */
export type FuzzReport = { inputs: number; seed: number; crashes: number; slowestMs: number };

type Target = 'identity' | 'address' | 'certificate' | 'issuer' | 'photo' | 'signature';
type Mutation = { how: 'set' | 'flip' | 'insert' | 'remove' | 'cut' | 'repeat'; at: number; value: number };
type Input = { target: Target; from: number; mutations: Mutation[] | null; noise: Uint8Array };

/** No input takes a hundredth of this; a busy machine must not look like a hang. */
const hangMs = 5000;
const suspiciousMs = 20;
const now = Date.parse('2026-06-15T10:00:00Z');

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.constantFrom('set', 'flip', 'insert', 'remove', 'cut', 'repeat'),
  at: fc.nat(4000),
  value: fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff)),
});

const input: fc.Arbitrary<Input> = fc.record({
  target: fc.oneof(
    { weight: 40, arbitrary: fc.constant<Target>('identity') },
    { weight: 25, arbitrary: fc.constant<Target>('address') },
    { weight: 19, arbitrary: fc.constant<Target>('certificate') },
    { weight: 14, arbitrary: fc.constant<Target>('photo') },
    // A signature check costs a hundred times what a parse does.
    { weight: 1, arbitrary: fc.constant<Target>('issuer') },
    { weight: 1, arbitrary: fc.constant<Target>('signature') },
  ),
  from: fc.nat(2),
  mutations: fc.option(fc.array(mutation, { maxLength: 6 }), { freq: 4 }),
  noise: fc.uint8Array({ maxLength: 64 }),
});

export async function fuzzCardFiles({
  inputs,
  seed,
}: {
  inputs: number;
  seed: number;
}): Promise<FuzzReport & { counterexample: string | null }> {
  const cards = await Promise.all([
    makeSampleCard({ generation: 'ec' }),
    makeSampleCard({ generation: 'rsa_sha256' }),
    makeSampleCard({ generation: 'rsa_sha1' }),
  ]);
  const roots = [...pinnedRoots(), ...cards.map((card) => testRoot(card.root))];
  let slowestMs = 0;
  const property = fc.property(input, (given) => {
    const time = () => {
      const before = performance.now();
      checkInput(given, cards, roots);
      return performance.now() - before;
    };
    const first = time();
    // What is slow is slow twice; a busy machine is not.
    const took = first > suspiciousMs ? Math.min(first, time()) : first;
    slowestMs = Math.max(slowestMs, took);
    if (took > hangMs) throw new Error('hang');
  });
  const details = fc.check(property, { numRuns: inputs, seed });
  const counterexample = details.failed
    ? `${details.counterexamplePath} ${JSON.stringify(details.counterexample)} ${details.errorInstance}`
    : null;
  return { inputs: details.numRuns, seed, crashes: details.failed ? 1 : 0, slowestMs: Math.round(slowestMs * 10) / 10, counterexample };
}

const fileOf = {
  identity: 'identity',
  address: 'address',
  certificate: 'certificate',
  issuer: 'certificate',
  photo: 'photo',
  signature: 'identitySignature',
} as const satisfies Record<Target, keyof SampleCard['files']>;

/** Throws when a reader throws, reads past the end, or hands out what the contract does not allow. */
function checkInput({ target, from, mutations, noise }: Input, cards: readonly SampleCard[], roots: readonly Root[]): void {
  const card = cards[from];
  if (card === undefined) throw new Error('no such card');
  const file = card.files[fileOf[target]];
  const bytes = mutations === null ? noise : mutations.reduce(mutate, Buffer.from(file));
  // The same bytes with something else behind them must give the same answer: nothing past the end is looked at.
  const [one, other] = [0x00, 0xff].map((behind) => read(target, placeBefore(bytes, behind), card, roots));
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error('read past the end');
}

function placeBefore(bytes: Uint8Array, behind: number): Uint8Array {
  const memory = Buffer.alloc(bytes.length + 64, behind);
  memory.set(bytes, 16);
  return memory.subarray(16, 16 + bytes.length);
}

function read(target: Target, bytes: Uint8Array, card: SampleCard, roots: readonly Root[]): unknown {
  switch (target) {
    case 'identity': {
      const parsed = parseIdentityFile(bytes);
      return parsed.ok ? { identity: Identity.parse(parsed.value.identity), hash: [...parsed.value.photoHash] } : parsed;
    }
    case 'address': {
      const parsed = parseAddressFile(bytes);
      return parsed.ok ? CardAddress.parse(parsed.value) : parsed;
    }
    case 'certificate': {
      const certificate = parseCertificate(bytes);
      return certificate === null ? null : [certificate.fingerprint256, isIssuedByRoot(certificate, [], now)];
    }
    case 'issuer': {
      const certificate = parseCertificate(bytes);
      return certificate !== null && isIssuedByRoot(certificate, roots, now);
    }
    case 'photo':
      return [asJpeg(bytes)?.length, isPhotoOfHash(bytes, card.photoHash), isPhotoOfHash(card.files.photo, bytes.subarray(0, 48))];
    case 'signature': {
      const proof = proveCard({ ...card.files, identitySignature: bytes }, card.photoHash, roots, new Date(now));
      // What lies behind a signature is padding; the signature itself must be the card's own, to the bit.
      const original = card.files.identitySignature;
      if (proof.identity === 'proven' && !original.equals(bytes.subarray(0, original.length)))
        throw new Error('a changed signature was believed');
      return proof;
    }
  }
}

function mutate(bytes: Buffer, { how, at, value }: Mutation): Buffer {
  if (bytes.length === 0) return Buffer.of(value);
  const where = at % bytes.length;
  switch (how) {
    case 'set':
      return bytes.fill(value, where, where + 1);
    case 'flip':
      return bytes.fill((bytes[where] ?? 0) ^ (1 << (value % 8)), where, where + 1);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, where), Buffer.of(value), bytes.subarray(where)]);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, where), bytes.subarray(where + 1 + (value % 16))]);
    case 'cut':
      return bytes.subarray(0, where);
    case 'repeat':
      return Buffer.concat([bytes, bytes.subarray(where, where + value)]);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { inputs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
  const { counterexample, ...report } = await fuzzCardFiles({ inputs: Number(values.inputs), seed: Number(values.seed) });
  if (counterexample !== null) process.stderr.write(`${counterexample}\n`);
  process.stdout.write(`${JSON.stringify(report)}\n`);
  process.exitCode = report.crashes === 0 ? 0 : 1;
}
