import { memo, useState } from 'react';
import type { ItemKind } from '../../contract/file-view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button, Switch } from '../ui/button.tsx';
import { FunnelIcon, MagnifyingGlassIcon, XIcon } from '../ui/icons.ts';
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
  const [choosing, setChoosing] = useState(false);
  const some = kinds.length > 1;
  return (
    <div className="tools">
      <Ways
        order={order}
        onOrder={onOrder}
        choosing={some && choosing}
        onChoosing={some ? setChoosing : null}
        onKind={onKind}
        searching={query !== null}
        onQuery={onQuery}
      />
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
      {choosing && some && <Kinds kinds={kinds.join(' ')} kind={kind} onKind={onKind} />}
    </div>
  );
}

type WaysProps = Pick<ToolsProps, 'order' | 'onOrder' | 'onKind' | 'onQuery'> & {
  choosing: boolean;
  /** Null: all are of one kind. */
  onChoosing: ((choosing: boolean) => void) | null;
  searching: boolean;
};

/** Drawn anew when it changes, and not at each key or at each answer of a source. */
const Ways = memo(function Ways({ order, onOrder, choosing, onChoosing, onKind, searching, onQuery }: WaysProps) {
  const text = useText();
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that stay down are no fieldset
    <div className="tools__row" role="group" aria-label={text('file.order')}>
      {orders.map((each) => (
        <Switch key={each} size="small" isSelected={order === each} onChange={() => onOrder(each)}>
          <Say id={`file.order.${each}`} />
        </Switch>
      ))}
      {onChoosing && (
        <Switch
          size="small"
          before={FunnelIcon}
          isSelected={choosing}
          onChange={(on) => {
            onChoosing(on);
            if (!on) onKind('all');
          }}
        >
          <Say id="file.kind" />
        </Switch>
      )}
      <Button size="small" before={searching ? XIcon : MagnifyingGlassIcon} onPress={() => onQuery(searching ? null : '')}>
        <Say id={searching ? 'file.searchClose' : 'file.search'} />
      </Button>
    </div>
  );
});

type KindsProps = Pick<ToolsProps, 'kind' | 'onKind'> & { /** Between spaces: the same as before is the same text. */ kinds: string };

const Kinds = memo(function Kinds({ kinds, kind, onKind }: KindsProps) {
  const text = useText();
  return (
    // biome-ignore lint/a11y/useSemanticElements: buttons that stay down are no fieldset
    <div className="tools__row" role="group" aria-label={text('file.kind.label')}>
      {(['all', ...kinds.split(' ')] as (ItemKind | 'all')[]).map((each) => (
        <Switch key={each} size="small" isSelected={kind === each} onChange={() => onKind(each)}>
          <Say id={`file.kind.${each}`} />
        </Switch>
      ))}
    </div>
  );
});
