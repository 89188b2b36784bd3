import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readIfThere, writeFile } from './control-folder.ts';
import { allPersonas } from './personas.ts';

/**
 * What goes wrong, once, in the `atCall`-th PKCS#11 call from now (1: the next) of whatever process.
 * `hang` holds the call, and with it the library's one lock, for `ms`; `crash` aborts the process; `device_error` is
 * CKR_DEVICE_ERROR (a search that was begun stays active, a PIN that was given was given); `remove` and `swap` move the
 * card while the call is under way.
 */
export type Fault =
  | { kind: 'hang'; atCall: number; ms: number }
  | { kind: 'crash' | 'device_error'; atCall: number }
  | { kind: 'remove'; atCall: number; reader?: number }
  | { kind: 'swap'; atCall: number; persona: string; reader?: number };

export type FaultKind = Fault['kind'];
export const faultKinds: readonly FaultKind[] = ['hang', 'crash', 'device_error', 'remove', 'swap'];

const isKind = (word: string): word is FaultKind => faultKinds.some((kind) => kind === word);

/** Replaces the fault that may still wait for its call; null takes it away. */
export function setFault(dir: string, fault: Fault | null): void {
  if (fault === null) {
    rmSync(path.join(dir, 'fault'), { force: true });
    return;
  }
  if (!Number.isSafeInteger(fault.atCall) || fault.atCall < 1) throw new Error(`no such call: ${fault.atCall}`);
  const card = fault.kind === 'swap' ? fault.persona : '-';
  if (fault.kind === 'swap' && !allPersonas.some(({ id }) => id === card)) throw new Error(`no such persona: ${card}`);
  const ms = fault.kind === 'hang' ? Math.min(Math.max(0, Math.round(fault.ms)), Number.MAX_SAFE_INTEGER) : 0;
  const reader = 'reader' in fault ? (fault.reader ?? 0) : 0;
  writeFile(dir, 'fault', `${fault.kind} ${fault.atCall} ${ms} ${reader} ${card}\n`);
}

/** The fault that still waits, with the calls that are left until it; null once it has happened. */
export function readFault(dir: string): Fault | null {
  const text = readIfThere(() => readFileSync(path.join(dir, 'fault'), 'utf8')) ?? '';
  const [kind = '', at, ms, reader, persona = '-'] = text.trim().split(' ');
  const atCall = Number(at);
  if (!isKind(kind)) return null;
  switch (kind) {
    case 'hang':
      return { kind, atCall, ms: Number(ms) };
    case 'remove':
      return { kind, atCall, reader: Number(reader) };
    case 'swap':
      return { kind, atCall, persona, reader: Number(reader) };
    default:
      return { kind, atCall };
  }
}

export type Keypress = 'right' | 'wrong' | 'cancel';
export const keypresses: readonly Keypress[] = ['right', 'wrong', 'cancel'];

/**
 * What a person does at the pinpad, or in the dialog that waits for an answer: types the card's PIN or another one, or
 * cancels. One press is kept until a wait takes it. After a wrong PIN the dialog's "try again?" is answered with no.
 */
export function pressKeys(dir: string, press: Keypress): void {
  writeFile(dir, 'keys', `${press}\n`);
}
