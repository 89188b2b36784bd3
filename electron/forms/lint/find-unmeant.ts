import type { FormDefinition } from '../../../contract/form.ts';

/** Keys that nobody reads: `showif` is a page that is always asked. `parsed`: what was read of it. */
export function findUnknownKeys(raw: unknown, parsed: unknown, path = ''): string[] {
  if (typeof raw !== 'object' || raw === null || typeof parsed !== 'object' || parsed === null) return [];
  const read = parsed as Readonly<Record<string, unknown>>;
  return Object.entries(raw).flatMap(([key, value]) => {
    const here = `${path}/${key}`;
    return Object.hasOwn(read, key) ? findUnknownKeys(value, read[key], here) : [here];
  });
}

/** No more is read of a person than is used. */
export function findUnusedDraws({ draws, pages }: FormDefinition): string[] {
  const fields = pages.flatMap((page) => page.fields);
  const used = new Set<string>(fields.flatMap((field) => [field, ...(field.repeat?.fields ?? [])]).flatMap(({ prefill }) => prefill));
  return draws.filter((fact) => !used.has(fact));
}
