import * as z from 'zod';
import { Product } from '../../contract/form.ts';
import products from './products.json' with { type: 'json' };

/** The products of this town, in the order they are shown. Throws when the shipped bundle is wrong: our mistake. */
export function loadCatalogue(): Product[] {
  return z.array(Product).parse(products);
}
