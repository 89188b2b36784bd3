import { describe, expect, it } from 'vitest';

const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./**/*.test.*', '!./fixtures/**', '!./preview/**', '!./preview.tsx'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const pages = import.meta.glob<string>('./{kiosk,pin,operator,dock}.html', { query: '?raw', import: 'default', eager: true });

/** Attributes that are read or heard. Class names and the like are not words. */
const heard = /\b(?:aria-label|aria-description|aria-roledescription|aria-valuetext|alt|title|placeholder|label)=(?:"[^"]*"|\{\s*['"`])/g;

/** A string as a child: `>{'words'}<`. The linter sees bare words between tags, not these. */
const children = />\s*\{\s*(['"`])[^'"`]*\1\s*\}/g;

describe('the sources', () => {
  it('are there', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(50);
    expect(Object.keys(pages).length).toBe(4);
  });

  it.each(Object.entries(sources).filter(([path]) => path.endsWith('.tsx')))('%s holds no words', (_path, source) => {
    expect([...source.matchAll(heard), ...source.matchAll(children)].map(([found]) => found)).toEqual([]);
  });

  it.each(Object.entries(sources))('%s needs nothing that the page’s policy forbids, and no schema library', (_path, source) => {
    expect(source).not.toMatch(/dangerouslySetInnerHTML|new Function\(|\beval\(|createElement\('style'\)/);
    // The schemas of the contract compile themselves with `new Function`; the page needs their types alone.
    for (const [statement] of source.matchAll(/^import (?!type).*contract\/.*$/gm))
      expect(statement).toMatch(/contract\/(result|source-text)\.ts/);
    expect(source).not.toMatch(/document\.title|localStorage|sessionStorage|indexedDB|fetch\(/);
  });

  it.each(Object.entries(pages))(
    '%s has one title, no inline script or style, and the mark that stops React Aria from adding one',
    (_path, page) => {
      expect(page).toContain('<title>Loket</title>');
      expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)| on\w+=/);
      expect(page).toContain('id="react-aria-pressable-style"');
    },
  );
});
