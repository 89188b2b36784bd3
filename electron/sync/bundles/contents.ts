import * as z from 'zod';
import { Product } from '../../../contract/form.ts';
import { loadCatalogue } from '../../catalogue/load-catalogue.ts';
import { type Form, loadForms } from '../../forms/load-forms.ts';
import type { Log } from '../../log.ts';
import type { Bundle } from './bundle-folder.ts';

export type Contents = { forms: Map<string, Form>; products: Product[] };

/** What the kiosk offers: of the bundle as far as it is there and can be used, else as the app was shipped. */
export function chooseContents(bundle: Bundle | null, shippedForms: readonly unknown[], log: Log): Contents {
  const forms = loadForms(formsOf(bundle), log);
  return {
    forms: forms.size > 0 ? forms : loadForms(shippedForms, log),
    products: productsOf(bundle) ?? loadCatalogue(),
  };
}

/**
 * One map and one list for the app's whole life: whoever holds them sees the new contents after `refill`, which is called
 * between visits alone.
 */
export function openContents(choose: () => Contents): Contents & { refill(): void } {
  const { forms, products } = choose();
  return {
    forms,
    products,
    refill() {
      const next = choose();
      forms.clear();
      for (const [id, form] of next.forms) forms.set(id, form);
      products.splice(0, products.length, ...next.products);
    },
  };
}

function formsOf(bundle: Bundle | null): unknown[] {
  return [...(bundle?.files ?? [])].filter(([name]) => name.startsWith('forms/')).map(([, bytes]) => parse(bytes));
}

/** In the order they are shown; null: none, or not a list of products. */
function productsOf(bundle: Bundle | null): Product[] | null {
  const bytes = bundle?.files.get('catalogue/products.json');
  const read = z
    .array(Product)
    .min(1)
    .safeParse(bytes ? parse(bytes) : null);
  return read.success ? read.data : null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
