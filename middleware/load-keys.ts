import { createHash, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { ok, type Result, refuse } from '../contract/result.ts';
import { pinnedRoots, type Root, testRoot } from '../native/eid/roots.ts';
import { type MiddlewareConfig, readPem } from './config.ts';
import { prepareTerminalCa, type TerminalCa } from './enrolment/terminal-ca.ts';
import { type LiveKeys, openLiveKeys } from './keys/live-keys.ts';

export type LoadedKeys = LiveKeys & {
  /** PEM. */
  tls: { key: string; cert: string; root: string };
  /** Of the root's DER: a part of every enrolment code. */
  rootSha256: Uint8Array;
  terminalCa: TerminalCa;
  /** Belgium's, for cards. */
  roots: Root[];
};

/** Everything secret or believed, checked before anything is opened. The refusal is a sentence that names a setting, never its value. */
export async function loadKeys(config: MiddlewareConfig): Promise<Result<LoadedKeys, string>> {
  const tls = await loadTls(config);
  if (!tls.ok) return tls;
  const terminalCa = await loadTerminalCa(config);
  if (!terminalCa.ok) return terminalCa;
  const roots = await loadRoots(config);
  if (!roots.ok) return roots;
  const keys = await openLiveKeys(config.keys);
  if (!keys.ok) return keys;
  // Assigned and not spread: its properties say what holds now.
  return ok(
    Object.assign(keys.value, {
      tls: tls.value,
      rootSha256: createHash('sha256').update(new X509Certificate(tls.value.root).raw).digest(),
      terminalCa: terminalCa.value,
      roots: roots.value,
    }),
  );
}

async function loadTls(config: MiddlewareConfig): Promise<Result<LoadedKeys['tls'], string>> {
  let tls: LoadedKeys['tls'];
  try {
    const [key, cert, root] = await Promise.all([config.tls.key, config.tls.cert, config.tls.root].map(readPem));
    tls = { key: key ?? '', cert: cert ?? '', root: root ?? '' };
  } catch {
    return refuse('A file named in the configuration under tls is not there or cannot be read.');
  }
  try {
    createSecureContext(tls);
    new X509Certificate(tls.root);
  } catch {
    return refuse('The key and the certificates named in the configuration under tls cannot be used together.');
  }
  return ok(tls);
}

async function loadTerminalCa({ terminalCa }: MiddlewareConfig): Promise<Result<TerminalCa, string>> {
  try {
    return ok(await prepareTerminalCa({ key: await readPem(terminalCa.key), cert: await readPem(terminalCa.cert) }));
  } catch {
    return refuse(
      'The key and the certificate named in the configuration under terminalCa are not there, or are not a P-256 CA with its key.',
    );
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
