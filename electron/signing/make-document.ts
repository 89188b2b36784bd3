import type { CardAnswer } from '../../contract/card.ts';
import type { SignedDocument } from '../../contract/evidence.ts';
import type { Field } from '../../contract/form.ts';
import { inLanguage, type Language } from '../../contract/language.ts';
import type { Result } from '../../contract/result.ts';
import type { DocumentView } from '../../contract/view.ts';
import type { Form } from '../forms/load-forms.ts';
import { sayAnswer } from '../forms/write-answer.ts';
import { showFacts } from '../visit/show/show-facts.ts';
import type { Visit } from '../visit/state.ts';
import { shownPages } from '../visit/steps/fill-form.ts';
import { factLabels, photographed, statement } from './document-words.ts';
import { prepareJades } from './jades.ts';
import { preparePades } from './pades.ts';
import type { RequestDocument } from './request-document.ts';
import { makeRequestPdf } from './request-pdf.ts';
import { makeRequestText } from './request-text.ts';

/** `digest`: base64, for the card. `finish` answers null when the signature is not over this document by this key. */
export type DocumentToSign = { shown: DocumentView; digest: string; finish: (signature: string) => SignedDocument | null };

export type SigningRequest = { visit: Visit; form: Form; town: string; language: Language; at: Date };
type Certificates = Pick<Extract<CardAnswer, { answer: 'prepared' }>, 'certificate' | 'issuer'>;

/** The person's request as a document with every byte settled, or null when these certificates cannot sign one. */
export async function makeDocument(request: SigningRequest, certificates: Certificates): Promise<DocumentToSign | null> {
  const document = describe(request);
  const signer = { certificate: bytes(certificates.certificate), issuer: bytes(certificates.issuer) };
  return request.form.signs === 'pades' ? makePdf(document, signer) : makeText(document, signer);
}

type Signer = { certificate: Uint8Array; issuer: Uint8Array };

async function makePdf(document: RequestDocument, signer: Signer): Promise<DocumentToSign | null> {
  const prepared = preparePades({ pdf: await makeRequestPdf(document), ...signer });
  if (!prepared.ok) return null;
  const { shown, digest, finish } = prepared.value;
  return {
    shown: { kind: 'pdf', bytes: base64(shown) },
    digest: base64(digest),
    finish: (signature) => orNull(finish(bytes(signature)), (pdf) => ({ format: 'pades', pdf: base64(pdf) })),
  };
}

function makeText(document: RequestDocument, signer: Signer): DocumentToSign | null {
  const text = makeRequestText(document);
  const payload = new TextEncoder().encode(text);
  const prepared = prepareJades({ payload, ...signer, at: document.date });
  if (!prepared.ok) return null;
  const { digest, finish } = prepared.value;
  return {
    shown: { kind: 'text', text },
    digest: base64(digest),
    finish: (signature) => orNull(finish(bytes(signature)), (jws) => ({ format: 'jades', jws, payload: base64(payload) })),
  };
}

/** What the form may read of the card, and what was answered: nothing else is signed. */
function describe({ visit, form, town, language, at }: SigningRequest): RequestDocument {
  const facts = visit.card ? showFacts(form.reads, visit.card) : [];
  const answers = visit.draft ? shownPages(form, visit.draft).flatMap(({ fields }) => fields) : [];
  return {
    title: inLanguage(form.title, language),
    lines: [
      ...facts.map(({ fact, value }) => ({ label: inLanguage(factLabels[fact], language), value: sayFact(value) })),
      ...answers.map((field) => ({
        label: inLanguage(field.label, language),
        value: countPhotos(field, sayAnswer(field, visit.draft?.answers[field.name], language), language),
      })),
    ],
    statement: inLanguage(statement, language),
    place: town,
    date: at,
    language,
  };
}

function countPhotos(field: Field, shown: string, language: Language): string {
  if (field.control !== 'photo' || !/^\d+$/.test(shown)) return shown;
  return inLanguage(shown === '1' ? photographed.one : photographed.more, language).replace('{count}', shown);
}

function sayFact(value: ReturnType<typeof showFacts>[number]['value']): string {
  switch (value.kind) {
    case 'text':
      return value.lines.join('\n');
    case 'birth':
      // As printed on the card: a document that is signed holds no reading of ours.
      return [value.date.original.replaceAll(/\s+/g, ' ').trim(), value.place].filter(Boolean).join(', ');
    case 'masked_number':
      return value.masked;
  }
}

function orNull<T>(result: Result<T, unknown>, make: (value: T) => SignedDocument): SignedDocument | null {
  return result.ok ? make(result.value) : null;
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function base64(value: Uint8Array): string {
  return Buffer.from(value).toString('base64');
}
