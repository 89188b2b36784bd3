import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { collectStreets } from './addresses/collect-streets.ts';

/**
 * Makes the local copy of the register of addresses out of the register's own download (BeSt Address, open data of the FPS BOSA,
 * `openaddress-bevlg.csv`: weekly, one line for each address), for a bundle's `addresses/` folder:
 *
 *   node build/import-addresses.ts --csv openaddress-bevlg.csv --as-of 2026-11-15 --towns 34022,34023 --out BUNDLE/addresses
 */
const { values } = parseArgs({
  options: { csv: { type: 'string' }, 'as-of': { type: 'string' }, towns: { type: 'string' }, out: { type: 'string' } },
});
const { csv, towns, out } = values;
const asOf = values['as-of'];
if (!csv || !towns || !out || !asOf || !/^\d{4}-\d{2}-\d{2}$/.test(asOf)) {
  console.error(
    'Say which file (--csv), of which day (--as-of YYYY-MM-DD), which municipalities by NIS code (--towns) and where to (--out).',
  );
  process.exit(1);
}

const lines = createInterface({ input: createReadStream(csv, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
const collected = await collectStreets(lines, { asOf, towns: towns.split(',') });
if (!collected.ok) {
  console.error(collected.error);
  process.exit(1);
}
mkdirSync(out, { recursive: true });
for (const copy of collected.value) {
  const [town] = copy.municipalities;
  writeFileSync(join(out, `${town?.code}.json`), JSON.stringify(copy));
  console.log(`${town?.code} ${town?.name.nl}: ${copy.streets.length} streets`);
}
