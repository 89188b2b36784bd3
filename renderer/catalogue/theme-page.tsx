import { useState } from 'react';
import type { CatalogueEntry } from '../../contract/catalogue.ts';
import type { Theme } from '../../contract/file.ts';
import type { KioskView } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowDownIcon, ArrowLeftIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';
import { useCatalogue } from './catalogue-store.ts';
import { EntryButton } from './entry-button.tsx';

/** More at a time is a wall of buttons, and slow to draw. */
const atATime = 24;

/** Everything of one theme: first what is for people, then what is for enterprises and associations alone. */
export function ThemePage({ view, theme }: { view: KioskView; theme: Theme }) {
  const text = useText();
  const entries = useCatalogue((state) => state.entries);
  const browse = useKiosk((state) => state.browse);
  const [shown, setShown] = useState(atATime);
  const own = entries.filter(({ themes }) => themes.includes(theme)).sort((one, other) => rank(one, theme) - rank(other, theme));
  const forAll = own.filter(isForCitizens).slice(0, shown);
  const forOthers = own.filter((entry) => !isForCitizens(entry)).slice(0, Math.max(0, shown - forAll.length));
  return (
    <Page
      className="catalogue"
      reading
      who={<Who view={view} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={() => browse({ at: 'home' })}>
            <Say id="button.back" />
          </Button>
        </Feet>
      }
    >
      <Title>
        <Say id={`theme.${theme}`} />
      </Title>
      {own.length === 0 && (
        <p className="lead" role="status">
          <Say id="catalogue.loading" />
        </p>
      )}
      <EntryList label={text('catalogue.list')} entries={forAll} />
      {forOthers.length > 0 && (
        <>
          <h2 className="catalogue__head">
            <Say id="catalogue.forBusiness" />
          </h2>
          <EntryList label={text('catalogue.forBusiness')} entries={forOthers} />
        </>
      )}
      {own.length > shown && (
        <Button before={ArrowDownIcon} onPress={() => setShown(shown + atATime)}>
          <Say id="catalogue.more" />
        </Button>
      )}
    </Page>
  );
}

/** Where it stands first comes before where it stands too. */
function rank({ themes }: CatalogueEntry, theme: Theme): number {
  return themes[0] === theme ? 0 : 1;
}

function isForCitizens({ audiences }: CatalogueEntry): boolean {
  return audiences.includes('citizen');
}

function EntryList({ label, entries }: { label: string; entries: readonly CatalogueEntry[] }) {
  return (
    <ul className="products" aria-label={label}>
      {entries.map((entry) => (
        <li key={entry.id}>
          <EntryButton entry={entry} />
        </li>
      ))}
    </ul>
  );
}
