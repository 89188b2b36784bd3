import type { Product, Town, Website } from '../../contract/catalogue.ts';
import type { CardAddress } from '../../contract/identity.ts';
import type { Catalogue } from './load-catalogue.ts';

/** Who does a product for somebody: the town where they live, when that is another one. */
export type Elsewhere = { town: Town | null /** As the card has it. */; name: string; websites: readonly Website[] };

/**
 * Null: it can be had here. A card without an address, or with one that names no place, keeps nobody from anything.
 */
export function findElsewhere(
  product: Pick<Product, 'id' | 'ofResidence'>,
  address: CardAddress | null,
  catalogue: Pick<Catalogue, 'towns' | 'websitesOf'>,
  municipality: string,
): Elsewhere | null {
  if (!product.ofResidence) return null;
  const name = livesIn(address, catalogue, municipality);
  if (name === null) return null;
  const town = findTown(name, catalogue.towns);
  return { town, name, websites: town ? catalogue.websitesOf(town.code, product.id) : [] };
}

/** The place on the card when it is another than this municipality, as the card writes it; null: here, or not known. */
export function livesIn(address: CardAddress | null, { towns }: Pick<Catalogue, 'towns'>, municipality: string): string | null {
  const name = address?.municipality.trim() ?? '';
  const own = towns.find(({ code }) => code === municipality);
  if (name === '' || !own || isCalled(own, name)) return null;
  return name;
}

export function findTown(name: string, towns: readonly Town[]): Town | null {
  return towns.find((town) => isCalled(town, name)) ?? null;
}

function isCalled({ code, name, alsoCalled }: Town, wanted: string): boolean {
  return [code, ...Object.values(name), ...alsoCalled].some((known) => known !== undefined && plain(known) === plain(wanted));
}

/** Cards write capitals, dashes and accents as it pleased whoever typed them. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\p{Letter}\d]/gu, '')
    .toLowerCase();
}
