import { X509Certificate } from 'node:crypto';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { importSealKey } from '../outbox/seal.ts';
import { importReceiptKey } from '../sync/receipt.ts';

/**
 * Tries the keys of a configuration before anybody can rely on them: a kiosk that could seal to nobody, or believe no
 * receipt, must not invite. Answers a sentence for whoever installs it, or null when all is well.
 */
export async function findKeyProblem({ middleware }: TerminalConfig): Promise<string | null> {
  try {
    new X509Certificate(middleware.root);
  } catch {
    return 'The configuration is wrong: middleware.root is no certificate (PEM).';
  }
  const usable = (trial: Promise<unknown>) =>
    trial.then(
      () => true,
      () => false,
    );
  if (!(await usable(importSealKey(middleware.sealKey)))) return 'The configuration is wrong: middleware.sealKey is no P-256 public key.';
  if (!(await usable(importReceiptKey(middleware.receiptKey))))
    return 'The configuration is wrong: middleware.receiptKey is no ES256 public key.';
  return null;
}
