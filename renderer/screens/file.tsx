import { useCallback, useMemo, useRef, useState } from 'react';
import type { ItemKind, ItemView, SourceView } from '../../contract/file-view.ts';
import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { arrange, countWaiting, kindsIn, withSuggestions } from '../file/arrange.ts';
import { FileTools } from '../file/file-tools.tsx';
import { ItemDetail } from '../file/item-detail.tsx';
import { ItemList } from '../file/item-list.tsx';
import { MissingSources } from '../file/missing-sources.tsx';
import { NoFile } from '../file/no-file.tsx';
import { rowHeightOf } from '../file/row-height.ts';
import type { Order } from '../file/sort-items.ts';
import { useItemWords } from '../file/use-item-words.ts';
import { Say, useText } from '../i18n/words.tsx';
import { ProfileEntry } from '../profile/profile-entry.tsx';
import { useFile } from '../state/file-store.ts';
import { Suggestions, saysSomething } from '../suggestions/suggestions.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, HourglassMediumIcon, PasswordIcon, PlugsIcon, UsersThreeIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { SteadyKeyboard } from '../ui/steady-keyboard.tsx';
import { Title } from '../ui/title.tsx';
import { useTyping } from '../ui/use-typing.ts';
import { Waiting } from '../ui/waiting.tsx';
import { Who } from '../ui/who.tsx';

type FileView = Extract<ScreenView, { name: 'file' }>;
type Props = { view: KioskView; screen: FileView };

/** "My file": what waits, what runs and what is known, of all sources; and which of them say nothing. */
export function FileScreen({ view, screen }: Props) {
  const [shown, setShown] = useState<{ page: 'list' } | { page: 'item'; key: string } | { page: 'missing' }>(
    screen.opened === null ? { page: 'list' } : { page: 'item', key: screen.opened },
  );
  const items = useFile((state) => state.items);
  const sources = useFile((state) => state.sources);
  const back = () => setShown({ page: 'list' });
  // The same function at each drawing: what comes of the file draws no row anew that stands there.
  const open = useCallback((key: string) => setShown({ page: 'item', key }), []);
  if (screen.stage === 'none' || (screen.end !== null && nothingIsShown.has(screen.end))) return <NoFile view={view} screen={screen} />;
  const item = shown.page === 'item' ? items.find(({ key }) => key === shown.key) : undefined;
  if (item) {
    const leave = () => {
      if (screen.taking || screen.opened !== null) ask('item.leave', {});
      back();
    };
    const { prints, taking } = screen;
    return <ItemDetail view={view} item={item} source={sources.get(item.source)} prints={prints} taking={taking} onBack={leave} />;
  }
  if (shown.page === 'missing') return <MissingSources view={view} sources={sources} mayAsk={screen.stage === 'ended'} onBack={back} />;
  return (
    <FileList view={view} screen={screen} items={items} sources={sources} onOpen={open} onMissing={() => setShown({ page: 'missing' })} />
  );
}

const nothingIsShown: ReadonlySet<FileView['end']> = new Set(['not_believed', 'not_recorded', 'mandate_ended']);

type Sources = ReadonlyMap<string, SourceView>;
type ListProps = Props & {
  items: readonly ItemView[];
  sources: Sources;
  onOpen: (key: string) => void;
  onMissing: () => void;
};

function FileList({ view, screen, items, sources, onOpen, onMissing }: ListProps) {
  const [order, setOrder] = useState<Order>('waiting');
  const [kind, setKind] = useState<ItemKind | 'all'>('all');
  const [query, setQuery] = useState<string | null>(null);
  const sort = useFile((state) => state.sort);
  const box = useRef<HTMLDivElement>(null);
  const text = useText();
  const { language } = view;
  const sorted = sort(items, order);
  const { suggestions } = screen;
  const suggests = order === 'waiting' && kind === 'all' && query === null && saysSomething(suggestions);
  const rows = useMemo(() => {
    const found = arrange(sorted, sources, { order, kind, query: query ?? '', language });
    return suggests ? withSuggestions(found) : found;
  }, [sorted, sources, order, kind, query, language, suggests]);
  const waiting = useMemo(() => countWaiting(items), [items]);
  const kinds = useMemo(() => kindsIn(items), [items]);
  useItemWords(items, sources, language);
  const typing = useTyping(
    query === null ? [] : [{ name: 'query', keyboard: 'letters', value: query, maxLength: 100, onChange: setQuery }],
  );
  const rowHeight = rowHeightOf(view);
  const { otherRoles } = screen;
  const who = useMemo(() => <Who view={view} />, [view]);
  const feet = useMemo(() => <FileFeet view={view} otherRoles={otherRoles} />, [view, otherRoles]);
  return (
    <Page reading box={box} className="file" who={who} below={typing.active && <SteadyKeyboard typing={typing} />} feet={feet}>
      <Title>
        {screen.stage === 'reading' && items.length === 0 ? (
          <Say id="file.title.reading" />
        ) : (
          <Say id="file.title.waits" values={{ count: waiting }} />
        )}
      </Title>
      <Asked sources={sources} some={items.length > 0} />
      <End view={view} screen={screen} />
      <TimeLeft screen={screen} />
      <Ways sources={sources} onMissing={onMissing} profile={screen.acting === null} />
      {items.length > 0 && (
        <FileTools
          order={order}
          onOrder={setOrder}
          kinds={kinds}
          kind={kind}
          onKind={setKind}
          query={query}
          onQuery={setQuery}
          typing={typing}
          found={query === null ? null : rows.reduce((count, { row }) => count + (row === 'item' ? 1 : 0), 0)}
        />
      )}
      {items.length === 0 && screen.stage === 'reading' && <Waiting label={text('file.title.reading')} />}
      {sorted.length === 0 && <Suggestions suggestions={suggestions} />}
      {sorted.length > 0 && rows.length > 0 && (
        <ItemList
          rows={rows}
          sources={sources}
          suggestions={suggestions}
          language={language}
          rowHeight={rowHeight}
          box={box}
          onOpen={onOpen}
        />
      )}
      {rows.length === 0 && screen.stage === 'ended' && (
        <p className="question__hint">
          <Say id={query ? 'file.nothingFound' : 'file.nothing'} />
        </p>
      )}
    </Page>
  );
}

function FileFeet({ view, otherRoles }: { view: KioskView; otherRoles: number }) {
  return (
    <Feet view={view} split="even">
      <Button size="big" before={ArrowLeftIcon} onPress={() => ask('visit.catalogue', {})}>
        <Say id="file.leave" />
      </Button>
      {otherRoles > 0 && (
        <Button size="big" before={UsersThreeIcon} onPress={() => ask('file.roles', {})}>
          <Say id="file.otherRoles" />
        </Button>
      )}
    </Feet>
  );
}

/** How many were asked and how many answered. */
function Asked({ sources, some }: { sources: Sources; some: boolean }) {
  const { asked, waiting, answered } = countSources(sources);
  return (
    <p className="question__hint" role="status">
      {asked > 0 && <Say id={asked === 1 ? 'file.askedOne' : 'file.asked'} values={{ asked, answered }} />}
      {some && waiting > 0 && ' '}
      {some && waiting > 0 && <Say id="file.waitingFor" values={{ count: waiting }} />}
    </p>
  );
}

/** A source that says nothing is named, never hidden; and what the person told themself. */
function Ways({ sources, onMissing, profile }: { sources: Sources; onMissing: () => void; profile: boolean }) {
  const { asked, waiting, answered } = countSources(sources);
  const missing = asked - waiting - answered;
  if (missing === 0 && !profile) return null;
  return (
    <div className="file__ways">
      {profile && <ProfileEntry />}
      {missing > 0 && (
        <Button size="small" before={PlugsIcon} onPress={onMissing}>
          <Say id="file.whoIsMissing" />
        </Button>
      )}
    </div>
  );
}

function countSources(sources: Sources) {
  const all = [...sources.values()];
  const waiting = all.filter(({ state }) => state === 'asked').length;
  const answered = all.filter(({ state }) => state === 'fresh' || state === 'stale').length;
  return { asked: all.length, waiting, answered };
}

/** The sign-in holds for minutes. Near its end the PIN can be given again, and nothing on the page is lost by it. */
function TimeLeft({ screen: { secondsLeft, end } }: Pick<Props, 'screen'>) {
  if (secondsLeft === null || end === 'grant_ended') return null;
  return (
    <div className="file__end">
      <Care icon={HourglassMediumIcon}>
        {secondsLeft > 0 ? <Say id="file.timeLeft" values={{ seconds: secondsLeft }} /> : <Say id="file.timeOver" />}
      </Care>
      <Button before={PasswordIcon} onPress={() => ask('file.renew', {})}>
        <Say id="file.signInAgain" />
      </Button>
    </div>
  );
}

/** Why the reading ended before it was complete, and the way on. */
function End({ view, screen }: Props) {
  if (screen.end !== 'grant_ended' && screen.end !== 'no_line') return null;
  return (
    <div className="file__end">
      <Care icon={screen.end === 'no_line' ? PlugsIcon : WarningCircleIcon}>
        <Say id={`file.end.${screen.end}`} />
      </Care>
      {(screen.end === 'grant_ended' || view.line.state !== 'down') && (
        <Button before={screen.end === 'grant_ended' ? PasswordIcon : PlugsIcon} onPress={() => ask('file.again', { sources: [] })}>
          <Say id={screen.end === 'grant_ended' ? 'file.signInAgain' : 'file.again'} />
        </Button>
      )}
    </div>
  );
}
