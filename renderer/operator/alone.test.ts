import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

const renderer = resolve(import.meta.dirname, '..');

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

const filesOf = (page: string) => [...reach(resolve(renderer, page))].map((file) => file.slice(renderer.length + 1));

it('the operator’s page reaches no kiosk page, no store and no way to ask anything but its own commands', () => {
  const files = filesOf('operator.tsx');
  expect(files).toContain('operator/ask-operator.ts');
  expect(files.filter((file) => /^(screens|pin|dock)\/|kiosk|^api\.ts/.test(file))).toEqual([]);
});

it('and no other page reaches it, nor its words', () => {
  for (const page of ['kiosk.tsx', 'pin.tsx', 'dock.tsx']) expect(filesOf(page).filter((file) => /^operator/.test(file))).toEqual([]);
});
