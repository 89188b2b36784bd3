import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours of one block, over those of the plain `:root`. */
function coloursOf(selector: string): Readonly<Record<string, string>> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [name, colour]));
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Text on ground, as the style sheets pair them. */
const pairs = [
  ['ink', 'ground'],
  ['ink', 'surface'],
  ['ink', 'sunk'],
  ['ink', 'care-ground'],
  ['ink', 'map-green'],
  ['ink', 'map-water'],
  ['ink-2', 'ground'],
  ['ink-2', 'surface'],
  ['ink-2', 'sunk'],
  ['press', 'surface'],
  ['press', 'ground'],
  ['press-text', 'press'],
  ['care', 'ground'],
  ['care', 'care-ground'],
] as const;

describe('colours', () => {
  const plain = coloursOf(':root');
  const strong = { ...plain, ...coloursOf(':root[data-theme="contrast"]') };

  it.each(pairs)('%s on %s is 10:1 or more, and 20:1 in black and white (VVSG 2.0 7.1-E)', (text, ground) => {
    expect(contrast(plain[text] ?? '', plain[ground] ?? '')).toBeGreaterThanOrEqual(10);
    expect(contrast(strong[text] ?? '', strong[ground] ?? '')).toBeGreaterThanOrEqual(20);
  });

  it('outline what can be pressed at 3:1 or more (WCAG 1.4.11)', () => {
    for (const ground of ['surface', 'ground', 'sunk'] as const) {
      for (const line of ['press', 'press-line', 'care', 'ink'] as const) {
        expect(contrast(plain[line] ?? '', plain[ground] ?? '')).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
