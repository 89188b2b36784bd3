import { findSignature } from '../../native/eid/signed/pdf-layout.ts';
import type { Trusted } from '../../native/eid/signed/proven-signature.ts';
import { prepareJades } from '../signing/jades.ts';
import { preparePades } from '../signing/pades.ts';
import { makeRequestPdf } from '../signing/request-pdf.ts';
import type { FakeCitizen } from './fake-citizen.ts';
import { sampleRequest } from './sample-request.ts';

/** A person who reads and signs, in tests. Throws where a test expects no refusal. */
export async function signPdf(citizen: FakeCitizen, request = sampleRequest): Promise<Uint8Array> {
  const prepared = unwrap(preparePades({ pdf: await makeRequestPdf(request), ...citizen }));
  return unwrap(prepared.finish(citizen.sign(prepared.digest)));
}

export function signText(citizen: FakeCitizen, payload: Uint8Array): string {
  const prepared = unwrap(prepareJades({ payload, ...citizen, at: sampleRequest.date }));
  return unwrap(prepared.finish(citizen.sign(prepared.digest)));
}

export function trust(citizen: FakeCitizen): Trusted {
  return { roots: citizen.roots, now: new Date('2026-06-16T00:00:00Z') };
}

export function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!result.ok) throw new Error(`refused: ${result.error}`);
  return result.value;
}

/** The PDF with other bytes where its signature stood. */
export function withCms(pdf: Uint8Array, cms: Uint8Array): Uint8Array {
  const layout = findSignature(pdf);
  if (layout === null) throw new Error('a PDF without a signature');
  const room = layout.end - layout.start - 2;
  const forged = Buffer.from(pdf);
  forged.write(Buffer.from(cms).toString('hex').padEnd(room, '0'), layout.start + 1, 'latin1');
  return new Uint8Array(forged);
}
