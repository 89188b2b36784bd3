import { stat } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { prepareReceipts, type SignReceipt } from '../receipts/receipt-log.ts';
import { type OpenSealed, prepareOpening } from '../worker/open-sealed.ts';
import { prepareKeySet, type SignedKeySet } from './key-set.ts';
import { currentKey, type DatedKey, isWhole, type KeysFile, publicHalf } from './keys-file.ts';
import { readKeysFile } from './read-keys-file.ts';

/** What an instance does with its keys. Each is as the file of keys says now: after a rotation nothing is started anew. */
export type LiveKeys = {
  readonly keySet: SignedKeySet;
  readonly opening: OpenSealed;
  /** Whether what is sealed to this key can be opened here. */
  knowsSealKey(id: string): boolean;
  /** With the key whose time it is. */
  readonly signReceipt: SignReceipt;
  readonly receiptKey: DatedKey;
  readonly bundleKeys: readonly DatedKey[];
  readonly operatorKey: Uint8Array;
  /**
   * Reads the file again where it changed. `refused`: it cannot be used, or belongs to another middleware; what was known
   * goes on. Never rejects.
   */
  refresh(): Promise<'same' | 'new' | 'refused'>;
};

type Ready = {
  file: KeysFile;
  keySet: SignedKeySet;
  opening: OpenSealed;
  sealKeys: ReadonlySet<string>;
  receipts: ReadonlyMap<string, SignReceipt>;
};

/**
 * @param setting path of the file, or what stands in it
 * @returns a sentence that names a setting, never its value
 */
export async function openLiveKeys(setting: string | KeysFile, now: () => Date = () => new Date()): Promise<Result<LiveKeys, string>> {
  let stamp = await readStamp(setting);
  const first = await readReady(setting);
  if (!first.ok) return first;
  let ready = first.value;

  const receiptKey = () => currentKey(ready.file.receipt, now());

  async function refresh(): Promise<'same' | 'new' | 'refused'> {
    const newest = await readStamp(setting);
    if (newest === stamp) return 'same';
    const read = await readReady(setting);
    if (!read.ok || !follows(read.value.file, ready.file)) return 'refused';
    stamp = newest;
    ready = read.value;
    return 'new';
  }

  return ok({
    keySet: {
      get jws() {
        return ready.keySet.jws;
      },
      get set() {
        return ready.keySet.set;
      },
      get publicJwk() {
        return ready.keySet.publicJwk;
      },
    },
    opening: {
      get keyIds() {
        return ready.opening.keyIds;
      },
      open: (sealed) => ready.opening.open(sealed),
    },
    knowsSealKey: (id) => ready.sealKeys.has(id),
    signReceipt(head) {
      const sign = ready.receipts.get(receiptKey().id);
      if (sign === undefined) throw new Error('a receipt key that was not prepared');
      return sign(head);
    },
    get receiptKey() {
      return receiptKey();
    },
    get bundleKeys() {
      return ready.file.bundle;
    },
    operatorKey: Buffer.from(ready.file.operatorKey, 'base64url'),
    refresh: () => refresh().catch(() => 'refused'),
  });
}

async function readReady(setting: string | KeysFile): Promise<Result<Ready, string>> {
  const file = await readKeysFile(setting);
  if (!file.ok) return file;
  const { seal, receipt, bundle, keySet } = file.value;
  const named = [...seal, ...receipt, ...bundle].map(({ privateJwk }) => privateJwk);
  if (![...named, ...(keySet.privateJwk === undefined ? [] : [keySet.privateJwk])].every(isWhole))
    return refuse('A key in the file of keys is not the private key that it should be.');
  const signed = await prepareKeySet(file.value);
  if (!signed.ok) return signed;
  return ok({
    file: file.value,
    keySet: signed.value,
    opening: await prepareOpening(seal),
    sealKeys: new Set(seal.map(({ id }) => id)),
    receipts: new Map(receipt.map((key) => [key.id, prepareReceipts(key)])),
  });
}

/** Terminals pinned one key, and take no older set; operators' secrets hang on another. Those change with a new start only. */
function follows(next: KeysFile, before: KeysFile): boolean {
  const isSameSigner = isDeepStrictEqual(publicHalf(next.keySet.publicJwk), publicHalf(before.keySet.publicJwk));
  return next.serial >= before.serial && isSameSigner && next.operatorKey === before.operatorKey;
}

/** Of a file that is replaced whole, the inode alone changes for certain. Keys in the configuration itself never change. */
async function readStamp(setting: string | KeysFile): Promise<string> {
  if (typeof setting !== 'string') return '';
  const file = await stat(setting).catch(() => null);
  return file === null ? 'absent' : `${file.ino} ${file.size} ${file.mtimeMs}`;
}
