import { create, type Font } from 'fontkit';
import { expect, test } from 'vitest';
import stored from './atkinson-hyperlegible-next.json' with { type: 'json' };
import { makeFont, readPackage } from './make-font.ts';

test('the letters are those of the package, made anew byte for byte', () => {
  expect(makeFont()).toEqual(stored);
});

test('they are enough for Dutch, French, German, English and the names of the Union', () => {
  const needed = 'àâäæçéèêëîïôœùûüÿÀÂÄÆÇÉÈÊËÎÏÔŒÙÛÜŸßẞñãõåøáíóúýþðčšžćđłńśźżąęőűăâîșțāēīūģķļņģėįųğıİĦħġż€‘’“”„–…«»';
  expect([...needed].filter((letter) => !stored.characters.includes(letter))).toEqual([]);
});

/** Drawn coordinates of a letter; points between two curves are whole numbers in one font and halves in the other. */
function outlineOf(font: Font, code: number): number[] {
  return font.glyphForCodePoint(code).path.commands.flatMap(({ args }) => args);
}

test('every letter is drawn as the package draws it, and as wide', () => {
  const made = create(Buffer.from(stored.ttf, 'base64'));
  for (const [code, font] of readPackage()) {
    const [one, other] = [outlineOf(made, code), outlineOf(font, code)];
    expect(one.length, String.fromCodePoint(code)).toBe(other.length);
    expect(Math.max(0, ...one.map((value, index) => Math.abs(value - (other[index] ?? 0)))), String.fromCodePoint(code)).toBeLessThan(1);
    expect(made.glyphForCodePoint(code).advanceWidth).toBe(font.glyphForCodePoint(code).advanceWidth);
  }
});
