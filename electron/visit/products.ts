import type { Product } from '../../contract/catalogue.ts';
import type { CardAddress } from '../../contract/identity.ts';

import { findElsewhere } from '../catalogue/residence.ts';
import type { KioskParts } from './kiosk-parts.ts';

/** The catalogue as the visit asks it. A newer one may have taken its place since. */
export type Products = {
  find(id: string): Product | undefined;
  /** Sources name products by the number that all towns share. */
  idOf(productNumber: string): string | undefined;
  /** Whether somebody who lives there gets this product from another town. */
  isElsewhere(id: string, address: CardAddress): boolean;
};

export function readProducts({ catalogue, config }: Pick<KioskParts, 'catalogue' | 'config'>): Products {
  const find = (id: string) => catalogue.products.find((candidate) => candidate.id === id);
  return {
    find,
    idOf: (productNumber) => catalogue.products.find((candidate) => candidate.productNumber === productNumber)?.id,
    isElsewhere(id, address) {
      const product = find(id);
      return product !== undefined && findElsewhere(product, address, catalogue, config.municipality.code) !== null;
    },
  };
}
