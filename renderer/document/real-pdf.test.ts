import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { describe, expect, it } from 'vitest';
import { drawPdf } from '../fixtures/drawn-pdf.ts';
import { readings, refuseUnlike } from './draw-pages.ts';

/** The real reader over whole and damaged documents. Nothing is drawn here: both readings are compared. */
const whole = Buffer.from(drawPdf([['een', 'en nog'], ['twee']]), 'base64').toString('latin1');

async function read(file: string): Promise<number> {
  const tasks = [readings.strict, readings.lenient].map((how) =>
    getDocument({ ...how, data: new Uint8Array(Buffer.from(file, 'latin1')) }),
  );
  try {
    const [strict, lenient] = await Promise.all(tasks.map((task) => task.promise));
    if (!strict || !lenient) throw new Error('not read');
    for (let number = 1; number <= strict.numPages; number += 1)
      await refuseUnlike(await strict.getPage(number), await lenient.getPage(number));
    return strict.numPages;
  } finally {
    await Promise.all(tasks.map((task) => task.destroy()));
  }
}

describe('the reader of documents', () => {
  it('finds a whole one whole', async () => {
    expect(await read(whole)).toBe(2);
  });

  it.each([
    ['cut off', whole.slice(0, whole.length / 2)],
    ['that is none', 'hello'],
    ['of nothing', ''],
    ['that draws a thing which is not there', whole.replace('(een) Tj', '/Gone Do')],
    ['that fills with a colour which is not there', whole.replace('(een) Tj', '/Gon sh ')],
    ['whose letters are not there', whole.replace('/F1 17 Tf', '/F9 17 Tf')],
    ['some of whose letters are not there', whole.replace('(een) Tj T*', '/F9 9 Tf T*')],
  ])('refuses one %s', async (_name, file) => {
    await expect(read(file)).rejects.toThrow();
  });
});
