import { type Catalogue, loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { shippedCatalogue } from '../../catalogue/shipped.ts';
import { type Form, loadForms } from '../../forms/load-forms.ts';
import type { Log } from '../../log.ts';
import type { Bundle } from './bundle-folder.ts';

export type Contents = { forms: Map<string, Form>; catalogue: Catalogue };

/** What the kiosk offers: of the bundle as far as it is there and can be used, else as the app was shipped. */
export function chooseContents(bundle: Bundle | null, shippedForms: readonly unknown[], municipality: string, log: Log): Contents {
  const forms = loadForms(formsOf(bundle), log);
  return {
    forms: forms.size > 0 ? forms : loadForms(shippedForms, log),
    catalogue: catalogueOf(bundle, municipality, log) ?? loadCatalogue(shippedCatalogue, municipality, log),
  };
}

/**
 * One map and one catalogue for the app's whole life: whoever holds them sees the new contents after `refill`, which is called
 * between visits alone.
 */
export function openContents(choose: () => Contents, isNewer: () => boolean): Contents & { refill(): void } {
  const { forms, catalogue } = choose();
  return {
    forms,
    catalogue,
    refill() {
      if (!isNewer()) return;
      const next = choose();
      forms.clear();
      for (const [id, form] of next.forms) forms.set(id, form);
      Object.assign(catalogue, next.catalogue);
    },
  };
}

function formsOf(bundle: Bundle | null): unknown[] {
  return [...(bundle?.files ?? [])].filter(([name]) => name.startsWith('forms/')).map(([, bytes]) => parse(bytes));
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
