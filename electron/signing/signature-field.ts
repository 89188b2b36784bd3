import { byteRangePlaceholder, signatureRoom } from '../../native/eid/signed/pdf-layout.ts';

/** What pdfkit keeps to itself: the document's catalogue, where the form hangs. */
type Catalogue = { _root: { data: { AcroForm: PDFKit.PDFKitReference & { data: Record<string, unknown> & { Fields: unknown[] } } } } };

/**
 * Room for one signature that nobody sees on the page (ISO 32000-1, 12.7.4.5 and 12.8.1): the screen and the middleware
 * say whether it verifies, a drawing on the page would prove nothing. The order of the entries is read again by
 * pdf-layout.ts.
 */
export function addSignatureField(doc: PDFKit.PDFDocument, at: Date): void {
  const signature = doc.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'ETSI.CAdES.detached',
    M: at,
    ByteRange: rawText(byteRangePlaceholder),
    Contents: Buffer.alloc(signatureRoom),
  });
  signature.end(undefined);
  const printAndLocked = 0b10000100;
  const field = doc.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: new String('Signature'),
    F: printAndLocked,
    Rect: [0, 0, 0, 0],
    P: doc.page.dictionary,
    V: signature,
  });
  field.end(undefined);
  doc.page.annotations.push(field);
  doc.initForm();
  const form = (doc as unknown as Catalogue)._root.data.AcroForm.data;
  form.Fields.push(field);
  // A signature stands in it, and nothing may be written but behind it (ISO 32000-1, table 219).
  form.SigFlags = 0b11;
  // There is nothing to draw, and a viewer that draws would change what was signed.
  delete form.NeedAppearances;
}

/** pdfkit writes any object that it does not know as its own text. */
function rawText(text: string): { toString(): string; [Symbol.toStringTag]: string } {
  return { toString: () => text, [Symbol.toStringTag]: 'Raw' };
}
