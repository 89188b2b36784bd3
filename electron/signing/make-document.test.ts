import { expect, test } from 'vitest';
import { bundledForms } from '../forms/bundled-forms.ts';
import { loadForms } from '../forms/load-forms.ts';
import { makeFakeCitizen } from '../testing/fake-citizen.ts';
import { open, play, put } from '../testing/play-visit.ts';
import { makeDocument } from './make-document.ts';

const form = loadForms(bundledForms, () => undefined).get('collection-proxy');
const ids = ['0199a6f2-0000-7000-8000-000000000001', '0199a6f2-0000-7000-8000-000000000002'];

test.each([
  ['nl', 2, '2 foto’s'],
  ['nl', 1, '1 foto'],
  ['fr', 2, '2 photos'],
  ['fr', 0, '–'],
] as const)('in %s, a paper of %i photos is named in what is signed as "%s"', async (language, count, said) => {
  if (!form) throw new Error('no such form');
  const { visit } = play(...put(), open('collection-proxy'));
  const answers = { who: 'Bram Proef', what: 'passport', ...(count > 0 && { papers: ids.slice(0, count) }) };
  const { certificate, issuer } = await makeFakeCitizen();
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const asText = { ...form, signs: 'jades' as const };
  const document = await makeDocument(
    { visit: { ...visit, draft: visit.draft && { ...visit.draft, answers } }, form: asText, town: 'Kortrijk', language, at: new Date(0) },
    { certificate: base64(certificate), issuer: base64(issuer) },
  );
  expect(document?.shown).toMatchObject({ text: expect.stringMatching(new RegExp(`\\n {4}${said}\\n`)) });
});
