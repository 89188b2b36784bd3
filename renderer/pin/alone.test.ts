import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Every file of ours that a page's bundle can reach: types are left out, because they leave nothing behind. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  if (!/\.tsx?$/.test(file)) return seen;
  const source = readFileSync(file, 'utf8');
  for (const [, path = ''] of source.matchAll(/^(?:import|export)(?! type\b)[^'";]*from '(\.[^']+)'/gm))
    reach(resolve(dirname(file), path), seen);
  return seen;
}

const renderer = resolve(import.meta.dirname, '..');
const filesOf = (page: string) => [...reach(resolve(renderer, page))].map((file) => file.slice(renderer.length + 1));

describe('the PIN’s own window', () => {
  it('reaches no form, no kiosk page, no store and no way to ask anything but its own commands', () => {
    const files = filesOf('pin.tsx');
    expect(files).toContain('pin/ask-pin.ts');
    expect(files.filter((file) => /^(screens|forms|dock)\/|kiosk|^api\.ts|field|typing|answer|keyboard|feet/.test(file))).toEqual([]);
  });

  it('is reached by no other page', () => {
    for (const page of ['kiosk.tsx', 'dock.tsx']) expect(filesOf(page).filter((file) => /^pin[/.-]/.test(file))).toEqual([]);
  });

  it('would see it: the kiosk’s page reaches its store', () => {
    expect(filesOf('kiosk.tsx')).toContain('state/kiosk-store.ts');
  });
});
