import type { Product, Start } from '../../contract/catalogue.ts';

/** A form here before anything else; a page of another government only on the own phone. */
export function startOf({ form, portal }: Pick<Product, 'form' | 'portal'>): Start {
  if (portal) return { how: 'phone' };
  return form === undefined ? { how: 'desk' } : { how: 'form', form };
}
