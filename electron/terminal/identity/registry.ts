import { ok, type Result, refuse } from '../../../contract/result.ts';
import { type AskOnce, type EnrolProblem, enrol, makeKey, renew, type TlsAnswer } from './enrol.ts';
import { createIdentity, type TerminalIdentity } from './identity.ts';
import { dropPendingKey, type IdentityRecord, readIdentity, readPendingKey, writeIdentity, writePendingKey } from './identity-file.ts';
import { fileKeyStore, type KeyStore } from './key-store.ts';

/** Keeps this terminal's identity: reads it, gets it by a code, and renews it in time. */
export type IdentityRegistry = {
  /** Null: not enrolled yet, or what is there cannot be read any more. */
  current(): TerminalIdentity | null;
  /** Whether there was one that cannot be read: said to the operator, who asks for a new code. */
  damaged(): boolean;
  enrol(code: string): Promise<Result<TerminalIdentity, EnrolProblem | 'storage_failed'>>;
  /**
   * When two thirds of the certificate's life are over: asks for the next one, one at a time. Null: nothing to do, or not now.
   * @param at by the middleware's clock, which gave the certificate its dates; this one may be far off
   */
  renewInTime(post: Post, at?: Date): Promise<TerminalIdentity | null>;
};

type Post = (path: string, mediaType: string, body: string) => Promise<TlsAnswer>;

export type RegistryParts = {
  folder: string;
  terminal: string;
  url: string;
  keyStore: KeyStore;
  ask: AskOnce;
  /** By the wall: a certificate's dates are. */
  now: () => Date;
};

export function openRegistry({ folder, terminal, url, keyStore, ask, now }: RegistryParts): IdentityRegistry {
  // A file stays readable after a keyring appeared; the next certificate is then kept by the system.
  const read = readIdentity(folder, [keyStore, fileKeyStore]);
  let record: IdentityRecord | null = null;
  let identity: TerminalIdentity | null = null;
  let damaged = read.state === 'unreadable';
  let renewing: Promise<TerminalIdentity | null> | null = null;
  if (read.state === 'there') {
    try {
      identity = createIdentity(read.record, read.keyStore);
      record = read.record;
    } catch {
      damaged = true;
    }
  }
  // The configuration's name and the enrolled one belong together: a copied folder is not this terminal.
  if (identity && identity.terminal !== terminal) {
    identity = null;
    record = null;
    damaged = true;
  }

  function adopt(next: IdentityRecord): TerminalIdentity {
    const made = createIdentity(next, keyStore.kind);
    writeIdentity(folder, next, keyStore);
    record = next;
    identity = made;
    damaged = false;
    return made;
  }

  async function renewOnce(current: IdentityRecord, post: Post): Promise<TerminalIdentity | null> {
    const next = await renew(current, post);
    // Enrolled anew meanwhile: that identity counts, and its code is used up.
    if (next === null || record !== current) return null;
    try {
      return adopt(next);
    } catch {
      // The disk refuses: the certificate that is there goes on, and this is tried again.
      return null;
    }
  }

  async function enrolWith(code: string, privateKey: string): ReturnType<IdentityRegistry['enrol']> {
    try {
      writePendingKey(folder, privateKey, keyStore);
    } catch {
      return refuse('storage_failed');
    }
    const enrolled = await enrol({ url, terminal, code, privateKey, ask });
    if (!enrolled.ok) return enrolled;
    try {
      const made = adopt(enrolled.value);
      dropPendingKey(folder);
      return ok(made);
    } catch {
      return refuse('storage_failed');
    }
  }

  return {
    current: () => identity,
    damaged: () => damaged,
    async enrol(code) {
      const pending = readPendingKey(folder, keyStore);
      const first = pending === null ? null : await enrolWith(code, pending);
      // The key of an earlier try may belong to an identity that never got here: then the code wants another key.
      const enrolled = first === null || (!first.ok && first.error === 'code_refused') ? await enrolWith(code, makeKey()) : first;
      if (!enrolled.ok && enrolled.error === 'code_refused') dropPendingKey(folder);
      return enrolled;
    },
    async renewInTime(post, at = now()) {
      if (record === null || identity === null) return null;
      const { certificateFrom: from, certificateUntil: until } = identity;
      if (at.getTime() < from.getTime() + ((until.getTime() - from.getTime()) * 2) / 3) return null;
      renewing ??= renewOnce(record, post).finally(() => {
        renewing = null;
      });
      return renewing;
    },
  };
}
