import { hash } from 'node:crypto';
import { type ConsentText, Purpose, purposeBytes } from '../../contract/profile.ts';
import list from './purposes.json' with { type: 'json' };

/** What may be agreed to, in the words of now. Other words get a new version; whoever agreed to the former ones is asked anew. */
export const purposes: readonly Purpose[] = Purpose.array().parse(list);

const texts: ReadonlyMap<string, ConsentText> = new Map(
  purposes.map((purpose) => [purpose.id, { version: purpose.version, sha256: hash('sha256', purposeBytes(purpose), 'base64url') }]),
);

/** Whether these are the words of now: somebody agrees to what stood before them, and not to what stood there once. */
export function knowsText(purpose: string, { version, sha256 }: ConsentText): boolean {
  const text = texts.get(purpose);
  return text !== undefined && text.version === version && text.sha256 === sha256;
}
