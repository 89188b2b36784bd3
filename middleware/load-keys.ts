import { createSecureContext } from 'node:tls';
import { ok, type Result, refuse } from '../contract/result.ts';
import { type MiddlewareConfig, readPem } from './config.ts';
import { prepareReceipts, type SignReceipt } from './receipts/sign-receipt.ts';
import { type OpenSealed, prepareOpening } from './worker/open-sealed.ts';

export type LoadedKeys = { tls: { key: string; cert: string }; signReceipt: SignReceipt; opening: OpenSealed };

/** Everything secret, checked before anything is opened. The refusal is a sentence that names a setting, never its value. */
export async function loadKeys(config: MiddlewareConfig): Promise<Result<LoadedKeys, string>> {
  let tls: { key: string; cert: string };
  try {
    tls = { key: await readPem(config.tls.key), cert: await readPem(config.tls.cert) };
  } catch {
    return refuse('A file named in the configuration under tls is not there or cannot be read.');
  }
  try {
    createSecureContext(tls);
  } catch {
    return refuse('The key and the certificate named in the configuration under tls cannot be used together.');
  }
  const { receiptKey, sealKeys } = config;
  try {
    return ok({ tls, signReceipt: await prepareReceipts(receiptKey), opening: await prepareOpening(sealKeys) });
  } catch {
    return refuse('A key of the configuration, under receiptKey or sealKeys, is not the private key that it should be.');
  }
}
