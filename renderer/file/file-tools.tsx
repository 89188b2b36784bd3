import type { ItemKind } from '../../contract/file-view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button, Switch } from '../ui/button.tsx';
import { MagnifyingGlassIcon, XIcon } from '../ui/icons.ts';
import type { Typing } from '../ui/use-typing.ts';
import type { Order } from './sort-items.ts';

const orders: readonly Order[] = ['waiting', 'time', 'theme'];

type ToolsProps = {
  order: Order;
  onOrder: (order: Order) => void;
  kinds: readonly ItemKind[];
  kind: ItemKind | 'all';
  onKind: (kind: ItemKind | 'all') => void;
  /** Null while nobody searches. */
  query: string | null;
  onQuery: (query: string | null) => void;
  typing: Typing;
  found: number | null;
};

/** In which order, which kinds, and the words to look for. */
export function FileTools({ order, onOrder, kinds, kind, onKind, query, onQuery, typing, found }: ToolsProps) {
  const text = useText();
  return (
    <div className="tools">
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that stay down are no fieldset */}
      <div className="tools__row" role="group" aria-label={text('file.order')}>
        {orders.map((each) => (
          <Switch key={each} size="small" isSelected={order === each} onChange={() => onOrder(each)}>
            <Say id={`file.order.${each}`} />
          </Switch>
        ))}
        <Button size="small" before={query === null ? MagnifyingGlassIcon : XIcon} onPress={() => onQuery(query === null ? '' : null)}>
          <Say id={query === null ? 'file.search' : 'file.searchClose'} />
        </Button>
      </div>
      {query !== null && (
        <div className="tools__search">
          <label className="field__name" htmlFor="file-query">
            <Say id="file.search" />
          </label>
          <input
            id="file-query"
            className="box"
            autoComplete="off"
            spellCheck={false}
            value={query}
            maxLength={100}
            ref={typing.attach('query')}
            onFocus={() => typing.onFocus('query')}
            onChange={(event) => onQuery(event.target.value)}
          />
          <p className="src" role="status">
            <Say id="file.found" values={{ count: found ?? 0 }} />
          </p>
        </div>
      )}
      {kinds.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: buttons that stay down are no fieldset
        <div className="tools__row" role="group" aria-label={text('file.kind')}>
          {(['all', ...kinds] as const).map((each) => (
            <Switch key={each} size="small" isSelected={kind === each} onChange={() => onKind(each)}>
              <Say id={`file.kind.${each}`} />
            </Switch>
          ))}
        </div>
      )}
    </div>
  );
}
