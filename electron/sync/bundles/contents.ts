import { AddressRegister, createStreetFinder, type StreetFinder } from '../../../contract/address.ts';
import { type Catalogue, loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../../catalogue/shipped.ts';
import { type Form, loadForms } from '../../forms/load-forms.ts';
import type { Log } from '../../log.ts';
import type { Bundle } from './bundle-folder.ts';

/** `streets`: the local copy of the register of addresses; null: none came. */
export type Contents = { forms: Map<string, Form>; catalogue: Catalogue; streets: StreetFinder | null };

/** What the kiosk offers: of the bundle as far as it is there and can be used, else as the app was shipped. */
export function chooseContents(bundle: Bundle | null, shippedForms: readonly unknown[], municipality: string, log: Log): Contents {
  const forms = loadForms(formsOf(bundle), log);
  return {
    forms: forms.size > 0 ? forms : loadForms(shippedForms, log),
    streets: streetsOf(bundle, log),
    catalogue: catalogueOf(bundle, municipality, log) ?? loadCatalogue(shippedCatalogue, municipality, log),
  };
}

/**
 * One map and one catalogue for the app's whole life: whoever holds them sees the new contents after `refill`, which is called
 * between visits alone.
 */
export function openContents(choose: () => Contents, isNewer: () => boolean): Contents & { refill(): void } {
  const { forms, catalogue, streets } = choose();
  const contents = {
    forms,
    catalogue,
    streets,
    refill() {
      if (!isNewer()) return;
      const next = choose();
      forms.clear();
      for (const [id, form] of next.forms) forms.set(id, form);
      Object.assign(catalogue, next.catalogue);
      contents.streets = next.streets;
    },
  };
  return contents;
}

function formsOf(bundle: Bundle | null): unknown[] {
  return [...(bundle?.files ?? [])].filter(([name]) => name.startsWith('forms/')).map(([, bytes]) => parse(bytes));
}

/** A file for each municipality, so that none is too large. A broken one is left out: its streets are typed as they are. */
function streetsOf(bundle: Bundle | null, log: Log): StreetFinder | null {
  const files = [...(bundle?.files ?? [])].filter(([name]) => name.startsWith('addresses/'));
  const copies = files.flatMap(([, bytes], index) => {
    const copy = AddressRegister.safeParse(parse(bytes));
    if (!copy.success) log('addresses_refused', { index });
    return copy.success ? [copy.data] : [];
  });
  const [first] = copies;
  if (!first) return null;
  const oldest = copies.map(({ asOf }) => asOf).toSorted()[0] ?? first.asOf;
  const all = {
    asOf: oldest,
    municipalities: copies.flatMap((copy) => copy.municipalities),
    streets: copies.flatMap((copy) => copy.streets),
  };
  return createStreetFinder(all);
}

/** Null: no product of it can be used. */
function catalogueOf(bundle: Bundle | null, municipality: string, log: Log): Catalogue | null {
  const files = [...(bundle?.files ?? [])].filter(([name]) => name.startsWith('catalogue/'));
  if (files.length === 0) return null;
  const catalogue = loadCatalogue(new Map(files.map(([name, bytes]) => [name, parse(bytes)])), municipality, log);
  return catalogue.products.length > 0 ? catalogue : null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
