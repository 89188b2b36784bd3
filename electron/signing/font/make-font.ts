import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, type Font } from 'fontkit';
import { encodeOutline, padTo4 } from './glyph-outline.ts';

/**
 * `node electron/signing/font/make-font.ts`: remakes atkinson-hyperlegible-next.json from the letters that the screen uses.
 * A PDF embeds TrueType; @fontsource ships WOFF2 in two files, Latin and Latin extended, and fontkit cannot embed the
 * outlines of a WOFF2 (TTFSubset reads the `glyf` table that WOFF2 transforms). So both are written as one plain font of
 * the regular weight, without hints and kerning.
 */
const package_ = join(import.meta.dirname, '../../../node_modules/@fontsource-variable/atkinson-hyperlegible-next');
const target = join(import.meta.dirname, 'atkinson-hyperlegible-next.json');
const family = 'Atkinson Hyperlegible Next';

export function makeFont(): { family: string; license: string; characters: string; ttf: string } {
  const characters = readPackage();
  const codes = [...characters.keys()].sort((one, other) => one - other);
  return {
    family,
    license: 'SIL Open Font License 1.1. ' + readFileSync(join(package_, 'LICENSE'), 'utf8').split(' AtkinsonHyperlegible')[0],
    characters: String.fromCodePoint(...codes),
    ttf: encodeFont(codes, characters).toString('base64'),
  };
}

/** Every character with the part of the package that draws it. */
export function readPackage(): ReadonlyMap<number, Font> {
  const characters = new Map<number, Font>();
  for (const part of ['latin', 'latin-ext']) {
    const font = create(readFileSync(join(package_, `files/atkinson-hyperlegible-next-${part}-wght-normal.woff2`)));
    for (const code of font.characterSet) if (isCharacter(code) && !characters.has(code)) characters.set(code, font);
  }
  return characters;
}

/** A character map ends with U+FFFF, which is no character. */
function isCharacter(code: number): boolean {
  return code >= 0x20 && code < 0xffff;
}

function encodeFont(codes: readonly number[], characters: ReadonlyMap<number, Font>): Buffer {
  const main = characters.get(0x20) as Font;
  const glyphs = [main.getGlyph(0), ...codes.map((code) => (characters.get(code) as Font).glyphForCodePoint(code))];
  const outlines = glyphs.map((glyph) => encodeOutline(glyph.path.commands));
  const metrics = glyphs.map((glyph, index) => int16s(glyph.advanceWidth, outlines[index]?.box[0] ?? 0));
  const offsets = [0];
  for (const outline of outlines) offsets.push((offsets.at(-1) ?? 0) + outline.bytes.length);
  const side = (at: number, pick: (...all: number[]) => number) => pick(...outlines.map(({ box }) => box[at] ?? 0));
  const box = [side(0, Math.min), side(1, Math.min), side(2, Math.max), side(3, Math.max)];
  const widest = Math.max(...glyphs.map((glyph) => glyph.advanceWidth));
  return encodeTables({
    'OS/2': encodeOs2(main, codes),
    cmap: encodeCmap(codes),
    glyf: Buffer.concat(outlines.map(({ bytes }) => bytes)),
    head: Buffer.concat([
      int32s(0x00010000, 0x00010000, 0, 0x5f0f3cf5),
      int16s(0b11, main.unitsPerEm),
      Buffer.alloc(16),
      int16s(...box, 0, 6, 2, 1, 0),
    ]),
    hhea: Buffer.concat([int32s(0x00010000), int16s(main.ascent, main.descent, 0, widest, ...Array(11).fill(0), glyphs.length)]),
    hmtx: Buffer.concat(metrics),
    loca: int32s(...offsets),
    maxp: Buffer.concat([
      int32s(0x00010000),
      int16s(glyphs.length, Math.max(...outlines.map(({ points }) => points)), Math.max(...outlines.map(({ contours }) => contours))),
      int16s(0, 0, 2, ...Array(8).fill(0)),
    ]),
    name: encodeName(main.copyright),
    post: Buffer.concat([int32s(0x00030000, 0), int16s(-100, 50), Buffer.alloc(20)]),
  });
}

/** Format 12, a group for each character. */
function encodeCmap(codes: readonly number[]): Buffer {
  const groups = codes.map((code, index) => int32s(code, code, index + 1));
  return Buffer.concat([int16s(0, 1, 3, 10), int32s(12), int16s(12, 0), int32s(16 + 12 * codes.length, 0, codes.length), ...groups]);
}

/** Version 4: weight 400, installable embedding (fsType 0), the heights that a PDF's font descriptor tells. */
function encodeOs2(font: Font, codes: readonly number[]): Buffer {
  const [first, last] = [codes[0] ?? 0, Math.min(codes.at(-1) ?? 0, 0x7fff)];
  const start = int16s(4, 500, 400, 5, 0, ...Array(11).fill(0));
  const rest = int16s(0x40, first, last, font.ascent, font.descent, 0, font.ascent, -font.descent);
  return Buffer.concat([start, Buffer.alloc(26), Buffer.from('NONE'), rest, int32s(1, 0), int16s(font.xHeight, font.capHeight, 0, 32, 0)]);
}

function encodeName(copyright: string): Buffer {
  const names = [copyright, family, 'Regular', undefined, `${family} Regular`, undefined, 'AtkinsonHyperlegibleNext-Regular'];
  const records: Buffer[] = [];
  const texts: Buffer[] = [];
  for (const [id, name] of names.entries()) {
    if (name === undefined) continue;
    const text = Buffer.from(name, 'utf16le').swap16();
    records.push(int16s(3, 1, 0x409, id, text.length, Buffer.concat(texts).length));
    texts.push(text);
  }
  return Buffer.concat([int16s(0, records.length, 6 + 12 * records.length), ...records, ...texts]);
}

/** The tables behind their directory. Checksums are left 0: nobody who embeds a font reads them. */
function encodeTables(tables: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(tables);
  const directory: Buffer[] = [int32s(0x00010000), int16s(entries.length, 128, 3, entries.length * 16 - 128)];
  let offset = 12 + 16 * entries.length;
  for (const [tag, bytes] of entries) {
    directory.push(Buffer.from(tag.padEnd(4)), int32s(0, offset, bytes.length));
    offset += padTo4(bytes).length;
  }
  return Buffer.concat([...directory, ...entries.map(([, bytes]) => padTo4(bytes))]);
}

function int16s(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([(value >> 8) & 0xff, value & 0xff])));
}

function int32s(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => int16s(value >>> 16, value)));
}

if (process.argv[1] === import.meta.filename) writeFileSync(target, `${JSON.stringify(makeFont(), null, 2)}\n`);
