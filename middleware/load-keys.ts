import { createSecureContext } from 'node:tls';
import { ok, type Result, refuse } from '../contract/result.ts';
import { pinnedRoots, type Root, testRoot } from '../native/eid/roots.ts';
import { type MiddlewareConfig, readPem } from './config.ts';
import { prepareReceipts, type SignReceipt } from './receipts/sign-receipt.ts';
import { type OpenSealed, prepareOpening } from './worker/open-sealed.ts';

export type LoadedKeys = { tls: { key: string; cert: string }; signReceipt: SignReceipt; opening: OpenSealed; roots: Root[] };

/** Everything secret or believed, checked before anything is opened. The refusal is a sentence that names a setting, never its value. */
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
  const roots = await loadRoots(config);
  if (!roots.ok) return roots;
  const { receiptKey, sealKeys } = config;
  try {
    return ok({ tls, signReceipt: await prepareReceipts(receiptKey), opening: await prepareOpening(sealKeys), roots: roots.value });
  } catch {
    return refuse('A key of the configuration, under receiptKey or sealKeys, is not the private key that it should be.');
  }
}

/** Whoever has a test root's key can make a card of anybody: believed in a demo, and nowhere else. */
async function loadRoots({ testRoots, demo }: MiddlewareConfig): Promise<Result<Root[], string>> {
  if (testRoots.length > 0 && !demo)
    return refuse('The configuration names testRoots, and they are for a demo only: take them out, or set demo to true.');
  try {
    return ok([...pinnedRoots(), ...(await Promise.all(testRoots.map(async (root) => testRoot(await readPem(root)))))]);
  } catch {
    return refuse('A root named in the configuration under testRoots is not there, or is no certificate in PEM.');
  }
}
