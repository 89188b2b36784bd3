import PDFDocument from 'pdfkit';
import font from './font/atkinson-hyperlegible-next.json' with { type: 'json' };
import { dayOf, makeVisible, type RequestDocument, shownValue } from './request-document.ts';
import { addSignatureField } from './signature-field.ts';

const margin = 54;
const lineGap = 2;
/** Read on a glass at arm's length, by people who left their glasses at home. */
const size = { title: 26, text: 16, label: 13, number: 11 } as const;
const ink = '#111111';
const quiet = '#4a4a4a';

type Part = { tag: 'H1' | 'Lbl' | 'LBody' | 'P'; text: string; size: number; color: string; after: number };

/**
 * A request as a PDF to read, sign and keep: tagged, in embedded letters, with room for one signature. The same request
 * gives the same bytes. Nothing stands in it but what the request says.
 */
export async function makeRequestPdf(request: RequestDocument): Promise<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: `${request.language}-BE`,
    bufferPages: true,
    autoFirstPage: false,
    // None to begin with: the default is Helvetica, which is not embedded, and whose file a bundle does not have.
    font: '',
    info: { Title: makeVisible(request.title), Creator: 'Loket', CreationDate: request.date, ModDate: request.date },
  });
  const bytes = collect(doc);
  doc.registerFont('letters', Buffer.from(font.ttf, 'base64'));
  doc.addPage({ size: 'A4', margin });
  doc.font('letters');
  writeRequest(doc, request);
  numberPages(doc);
  addSignatureField(doc, request.date);
  doc.end();
  return await bytes;
}

async function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of doc) chunks.push(chunk as Uint8Array);
  return new Uint8Array(Buffer.concat(chunks));
}

function writeRequest(doc: PDFKit.PDFDocument, request: RequestDocument): void {
  const root = doc.struct('Document');
  doc.addStructure(root);
  addPart(doc, root, { tag: 'H1', text: makeVisible(request.title), size: size.title, color: ink, after: 18 });
  const list = doc.struct('L');
  root.add(list);
  for (const line of request.lines) addLine(doc, list, line);
  list.end();
  addPart(doc, root, { tag: 'P', text: makeVisible(request.statement), size: size.text, color: ink, after: 14 });
  addPart(doc, root, { tag: 'P', text: `${makeVisible(request.place)}, ${dayOf(request)}`, size: size.text, color: ink, after: 0 });
  root.end();
}

function addLine(doc: PDFKit.PDFDocument, list: PDFKit.PDFStructureElement, line: RequestDocument['lines'][number]): void {
  const label = makeVisible(line.label);
  const item = doc.struct('LI');
  list.add(item);
  keepWithNext(doc, label);
  addPart(doc, item, { tag: 'Lbl', text: label, size: size.label, color: quiet, after: 1 });
  addPart(doc, item, { tag: 'LBody', text: shownValue(line.value), size: size.text, color: ink, after: 10 });
  item.end();
}

function addPart(doc: PDFKit.PDFDocument, parent: PDFKit.PDFStructureElement, part: Part): void {
  const write = () => {
    doc.fontSize(part.size).fillColor(part.color).text(part.text, margin, doc.y, { lineGap });
    doc.y += part.after;
  };
  parent.add(doc.struct(part.tag, {}, write));
}

/** A label never stands alone at the bottom of a page. */
function keepWithNext(doc: PDFKit.PDFDocument, label: string): void {
  doc.fontSize(size.label);
  const height = doc.heightOfString(label, { lineGap }) + 2 * size.text;
  if (doc.y + height > doc.page.maxY()) doc.addPage({ size: 'A4', margin });
}

/** "1 / 3": whoever signs on paper's behalf sees that nothing is missing. Not part of the text that is read aloud. */
function numberPages(doc: PDFKit.PDFDocument): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    // Below the margin pdfkit would begin a new page.
    doc.page.margins.bottom = 0;
    doc.markContent('Artifact', { type: 'Pagination' });
    const place = { width: doc.page.width - 2 * margin, align: 'right', lineBreak: false } as const;
    doc
      .fontSize(size.number)
      .fillColor(quiet)
      .text(`${page + 1} / ${count}`, margin, doc.page.height - margin / 2, place);
    doc.endMarkedContent();
  }
}
