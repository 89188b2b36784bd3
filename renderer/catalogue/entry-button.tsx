import type { CatalogueEntry } from '../../contract/catalogue.ts';
import { ask } from '../api.ts';
import { Button } from '../ui/button.tsx';
import { ArrowRightIcon } from '../ui/icons.ts';
import { themeIcons } from './product-icons.ts';

export function EntryButton({ entry }: { entry: CatalogueEntry }) {
  return (
    <Button
      className="found"
      before={iconOf(entry)}
      after={ArrowRightIcon}
      spread
      onPress={() => ask('product.open', { product: entry.id })}
    >
      <EntryWords entry={entry} />
    </Button>
  );
}

/** In a button only phrasing may stand, hence the spans. */
export function EntryWords({ entry }: { entry: CatalogueEntry }) {
  return (
    <span className="product__text">
      <strong>{entry.name}</strong>
      <span>{entry.description}</span>
    </span>
  );
}

export function iconOf({ themes: [theme = 'citizen_and_government'] }: CatalogueEntry) {
  return themeIcons[theme];
}
