import { describe, expect, it } from 'vitest';
import { drawHandover } from './page.ts';

const sheet = {
  language: 'fr',
  title: 'Nouvelle <fenêtre>',
  rows: [{ name: 'Contact', value: 'bouwen@voorbeeld.example' }],
  foot: 'Lu au guichet',
} as const;

describe('the page on the own telephone', () => {
  it.each([{ kind: 'open', token: 'abc' }, { kind: 'gone' }, { kind: 'too_many' }] as const)('$kind: says it in four languages', (page) => {
    const drawn = drawHandover(page);
    for (const language of ['nl', 'fr', 'de', 'en'])
      expect(drawn).toMatch(new RegExp(`<section lang="${language}" class="saying"><h[12]>`));
    expect(drawn.match(/<h1>/g)).toHaveLength(1);
    expect(drawn.includes('<form')).toBe(page.kind === 'open');
  });

  it('opens by a press alone, at its own address', () => {
    expect(drawHandover({ kind: 'open', token: 'abc' })).toContain('<form class="handover" method="post" action="/m/abc"><button>Tonen');
  });

  it('shows a thing in its own language, as plain text, and says that it opens once', () => {
    const drawn = drawHandover({ kind: 'sheet', sheet });
    expect(drawn).toContain('<html lang="fr">');
    expect(drawn).toContain('<h1>Nouvelle &lt;fenêtre&gt;</h1>');
    expect(drawn).toContain('<dt>Contact</dt><dd>bouwen@<wbr>voorbeeld.example</dd>');
    expect(drawn).toContain('Cette page ne s’ouvre qu’une seule fois.');
  });
});
