import { type KeyboardEvent, memo, useEffect, useId, useMemo, useState } from 'react';
import type { CatalogueEntry } from '../../contract/catalogue.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { Icon } from '../ui/icon.tsx';
import { ArrowLeftIcon, ArrowRightIcon, MagnifyingGlassIcon, XIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { SteadyKeyboard } from '../ui/steady-keyboard.tsx';
import { Title } from '../ui/title.tsx';
import { useTyping } from '../ui/use-typing.ts';
import { Who } from '../ui/who.tsx';
import { EntryWords, iconOf } from './entry-button.tsx';
import { type Found, useFound } from './use-found.ts';

const longestQuery = 60;
const box = 'search';

/** A field, what it finds, and the keys: the combobox pattern of ARIA's authoring practices, with its list always in sight. */
export function SearchPage({ view }: { view: KioskView }) {
  const query = useKiosk((state) => state.query);
  const search = useKiosk((state) => state.search);
  const browse = useKiosk((state) => state.browse);
  const found = useFound(query);
  const [active, setActive] = useState<string | null>(null);
  const list = useId();
  const chosen = found.entries.find(({ id }) => id === active) ?? null;
  const change = (text: string) => {
    setActive(null);
    search(text);
  };
  const typing = useTyping([{ name: box, keyboard: 'letters', value: query, maxLength: longestQuery, onChange: change }]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is there
  useEffect(() => typing.focus(box), []);

  // The same elements as before are not drawn again: a key costs what it changes.
  const who = useMemo(() => <Who view={view} />, [view]);
  const feet = useMemo(
    () => (
      <Feet view={view}>
        <Button size="big" before={ArrowLeftIcon} onPress={() => browse({ at: 'home' })}>
          <Say id="button.back" />
        </Button>
      </Feet>
    ),
    [view, browse],
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive(stepFrom(found.entries, chosen, step));
    else if (event.key === 'Enter' && chosen) ask('product.open', { product: chosen.id });
    else if (event.key === 'Escape') change('');
    else return;
    event.preventDefault();
  };
  return (
    <Page className="search" who={who} below={<SteadyKeyboard typing={typing} />} feet={feet}>
      <Title takesFocus={false}>
        <Say id="catalogue.search.title" />
      </Title>
      <div className="search__field">
        <label className="field__name unseen" htmlFor={`${list}-box`}>
          <Say id="catalogue.search" />
        </label>
        <Icon of={MagnifyingGlassIcon} />
        <input
          id={`${list}-box`}
          ref={typing.attach(box)}
          className="box"
          type="text"
          role="combobox"
          aria-expanded={found.entries.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? optionId(list, chosen) : undefined}
          value={query}
          maxLength={longestQuery}
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={({ target }) => change(target.value)}
          onFocus={() => typing.onFocus(box)}
          onKeyDown={onKeyDown}
        />
        <Button
          before={XIcon}
          onPress={() => {
            change('');
            typing.focus(box);
          }}
        >
          <Say id="catalogue.search.clear" />
        </Button>
      </div>
      <FoundSentence found={found} query={query} desk={view.desk} />
      <FoundList id={list} entries={found.entries} chosen={chosen} />
    </Page>
  );
}

function stepFrom(entries: readonly CatalogueEntry[], chosen: CatalogueEntry | null, step: number): string | null {
  const at = chosen ? entries.indexOf(chosen) + step : step > 0 ? 0 : entries.length - 1;
  return entries[at]?.id ?? null;
}

const optionId = (list: string, { id }: CatalogueEntry) => `${list}-${id}`;

/** Said aloud at each change, so that nobody has to look whether something came. */
function FoundSentence({ found, query, desk }: { found: Found; query: string; desk: string }) {
  return (
    <div className="search__said" role="status">
      <Sentence found={found} query={query.trim()} desk={desk} />
    </div>
  );
}

function Sentence({ found: { state, entries, found }, query, desk }: { found: Found; query: string; desk: string }) {
  switch (state) {
    case 'nothing_typed':
      return (
        <p>
          <Say id="catalogue.search.start" />
        </p>
      );
    case 'loading':
      return (
        <p>
          <Say id="catalogue.loading" />
        </p>
      );
    case 'some':
      return (
        <p>
          {found > entries.length ? (
            <Say id="catalogue.search.more" values={{ shown: entries.length, found }} />
          ) : (
            <Say id="catalogue.search.found" values={{ found }} />
          )}
        </p>
      );
    case 'none':
      return (
        <>
          <p>
            <strong>
              <Say id="catalogue.search.none" values={{ query }} />
            </strong>
          </p>
          <p>
            <Say id="catalogue.search.noneHelp" values={{ desk }} />
          </p>
          {entries.length > 0 && (
            <p>
              <Say id="catalogue.search.nearby" />
            </p>
          )}
        </>
      );
  }
}

type ListProps = { id: string; entries: readonly CatalogueEntry[]; chosen: CatalogueEntry | null };

/** Options that Tab reaches too: not everybody has arrows. */
function FoundList({ id, entries, chosen }: ListProps) {
  const text = useText();
  return (
    <div id={id} role="listbox" className="search__list" aria-label={text('catalogue.search.results')} hidden={entries.length === 0}>
      {entries.map((entry) => (
        <Option key={entry.id} id={optionId(id, entry)} entry={entry} chosen={entry === chosen} />
      ))}
    </div>
  );
}

const Option = memo(function Option({ id, entry, chosen }: { id: string; entry: CatalogueEntry; chosen: boolean }) {
  return (
    <button
      id={id}
      type="button"
      role="option"
      aria-selected={chosen}
      className="btn btn--spread found"
      onClick={() => ask('product.open', { product: entry.id })}
    >
      <Icon of={iconOf(entry)} />
      <span className="btn__words">
        <EntryWords entry={entry} />
      </span>
      <Icon of={ArrowRightIcon} />
    </button>
  );
});
