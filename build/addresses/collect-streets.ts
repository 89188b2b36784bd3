import { AddressRegister } from '../../contract/address.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';

const wanted = ['municipality_id', 'municipality_name_nl', 'postcode', 'street_id', 'streetname_nl', 'status'] as const;
type Column = (typeof wanted)[number];

/**
 * A copy of the register for each of these municipalities, from the lines of its download. The refusal is a sentence: a file
 * that has other columns than the ones we know is not read by guessing.
 */
export async function collectStreets(
  lines: AsyncIterable<string>,
  { asOf, towns }: { asOf: string; towns: readonly string[] },
): Promise<Result<AddressRegister[], string>> {
  const copies = new Map(towns.map((code) => [code, { name: '', streets: new Map<string, AddressRegister['streets'][number]>() }]));
  let header: string[] | null = null;
  for await (const line of lines) {
    const cells = splitLine(line);
    if (header === null) {
      header = cells;
      const missing = wanted.filter((column) => !cells.includes(column));
      if (missing.length > 0) return refuse(`This is not the file that we know: it has no ${missing.join(', ')}.`);
      continue;
    }
    const cell = (column: Column) => cells[header?.indexOf(column) ?? -1] ?? '';
    // The NIS code, alone or at the end of the register's own address of the municipality.
    const code = /(\d{5})$/.exec(cell('municipality_id'))?.[1] ?? '';
    const copy = copies.get(code);
    if (!copy || cell('status') !== 'current' || cell('streetname_nl') === '') continue;
    copy.name ||= cell('municipality_name_nl');
    // A street through two postal codes is proposed with each.
    const id = `${cell('street_id')}/${cell('postcode')}`;
    copy.streets.set(id, { id, name: { nl: cell('streetname_nl') }, municipality: code, postalCode: cell('postcode') });
  }
  const empty = [...copies].filter(([, { streets }]) => streets.size === 0).map(([code]) => code);
  if (empty.length > 0) return refuse(`This file has no street of ${empty.join(', ')}: is it of the right region?`);
  return ok(
    [...copies].map(([code, { name, streets }]) =>
      AddressRegister.parse({ asOf, municipalities: [{ code, name: { nl: name } }], streets: [...streets.values()] }),
    ),
  );
}

/** Comma-separated, with double quotes where a name has a comma (RFC 4180). */
function splitLine(line: string): string[] {
  const cells = [...line.replace(/^\uFEFF/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)];
  return cells.map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')));
}
