import { describe, expect, it } from 'vitest';
import { applyKey, digitsLayout, lettersLayout } from './keyboard-layouts.ts';

const orders = ['azerty', 'alphabet'] as const;

function keysOf(rows: readonly string[]): string[] {
  return rows.flatMap((row) => row.split(' '));
}

describe('the keys', () => {
  it.each(orders)('%s has every letter, digit, hyphen and apostrophe once', (order) => {
    const keys = keysOf(lettersLayout(order, 'plain', false));
    for (const key of [..."abcdefghijklmnopqrstuvwxyz0123456789-'"]) expect(keys.filter((candidate) => candidate === key)).toEqual([key]);
  });

  it('is Belgian: a and z on top, m beside l', () => {
    const rows = lettersLayout('azerty', 'plain', false);
    expect(rows[1]).toMatch(/^a z e r t y/);
    expect(rows[2]).toMatch(/l m$/);
  });

  it.each(orders)('%s raises letters, and only letters', (order) => {
    const keys = keysOf(lettersLayout(order, 'plain', true));
    expect(keys).toContain('A');
    expect(keys).toContain('{shift}');
    expect(keys).not.toContain('a');
    expect(keysOf(lettersLayout(order, 'accents', true))).toContain('É');
  });

  it('has the accents of Dutch, French and German', () => {
    const keys = keysOf(lettersLayout('azerty', 'accents', false));
    for (const key of [...'éèêëàâäçùûüîïôöœß']) expect(keys).toContain(key);
    for (const key of keysOf(lettersLayout('azerty', 'accents', true))) expect(key).toMatch(/^(\{\w+\}|.)$/u);
  });

  it.each(orders)('%s offers the other order', (order) => {
    expect(keysOf(lettersLayout(order, 'plain', false))).toContain(order === 'azerty' ? '{alphabet}' : '{azerty}');
  });

  it('has no row of more keys than fit at 12.7 mm', () => {
    for (const order of orders) {
      for (const layer of ['plain', 'accents'] as const) {
        for (const row of lettersLayout(order, layer, false)) expect(row.split(' ').length).toBeLessThanOrEqual(10);
      }
    }
  });

  it('moves between boxes only where there are several', () => {
    expect(keysOf(digitsLayout(3))).toContain('{next}');
    expect(keysOf(digitsLayout(1))).not.toContain('{next}');
  });
});

describe('a key', () => {
  it('types where the caret is, over what is selected', () => {
    expect(applyKey('Vlas', 4, 4, 'b')).toEqual({ text: 'Vlasb', caret: 5 });
    expect(applyKey('Vlas', 0, 0, 'x')).toEqual({ text: 'xVlas', caret: 1 });
    expect(applyKey('Vlas', 1, 3, 'o')).toEqual({ text: 'Vos', caret: 2 });
    expect(applyKey('Vlas', 4, 4, '{space}')).toEqual({ text: 'Vlas ', caret: 5 });
  });

  it('wipes one character, or what is selected, and nothing before the beginning', () => {
    expect(applyKey('Vlas', 4, 4, '{bksp}')).toEqual({ text: 'Vla', caret: 3 });
    expect(applyKey('Vlas', 2, 2, '{bksp}')).toEqual({ text: 'Vas', caret: 1 });
    expect(applyKey('Vlas', 1, 3, '{bksp}')).toEqual({ text: 'Vs', caret: 1 });
    expect(applyKey('Vlas', 0, 0, '{bksp}')).toEqual({ text: 'Vlas', caret: 0 });
  });

  it('never leaves half a character', () => {
    expect(applyKey('a𝒷', 3, 3, '{bksp}')).toEqual({ text: 'a', caret: 1 });
  });
});
