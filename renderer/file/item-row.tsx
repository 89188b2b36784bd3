import { memo } from 'react';
import type { ItemKind, ItemView, SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import { readSourceText } from '../../contract/source-text.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import {
  BooksIcon,
  CalendarCheckIcon,
  ChatTextIcon,
  ClipboardTextIcon,
  CreditCardIcon,
  EyeIcon,
  FileTextIcon,
  FolderIcon,
  HourglassMediumIcon,
  type Pictogram,
  SealCheckIcon,
  TicketIcon,
  WarningCircleIcon,
} from '../ui/icons.ts';
import { ItemState } from './item-state.tsx';
import { Said } from './said.tsx';

export const drawings: Record<ItemKind, Pictogram> = {
  dossier: FolderIcon,
  document: FileTextIcon,
  appointment: CalendarCheckIcon,
  payment: CreditCardIcon,
  reservation: TicketIcon,
  permit: SealCheckIcon,
  loan: BooksIcon,
  message: ChatTextIcon,
  register_data: ClipboardTextIcon,
  consultation: EyeIcon,
};

type RowProps = { item: ItemView; source: SourceView | undefined; language: Language; onOpen: (key: string) => void };

/** One thing: what it is, how it stands, what has to be done, and who says so. */
export const ItemRow = memo(function ItemRow({ item, source, language, onOpen }: RowProps) {
  const text = useText();
  return (
    <div className="item">
      <Icon of={drawings[item.kind]} />
      <div className="item__text">
        <p className="item__title">
          <Said text={item.title} language={language} />
        </p>
        {item.action ? (
          <p className="item__action">
            <Icon of={WarningCircleIcon} />
            <span>
              <Said text={item.action.text} language={language} />
            </span>
          </p>
        ) : (
          <p className="item__state">
            <ItemState item={item} language={language} />
          </p>
        )}
        {source && <SourceLine source={source} language={language} />}
      </div>
      <Button
        size="small"
        onPress={() => onOpen(item.key)}
        aria-label={text('file.lookAt', { what: readSourceText(item.title, language).words })}
      >
        <Say id="file.look" />
      </Button>
    </div>
  );
});

/** Who says so, and how old that is. */
export function SourceLine({ source, language }: { source: SourceView; language: Language }) {
  const dates = useDates();
  const stale = source.state === 'stale';
  return (
    <p className={stale ? 'src src--old' : 'src'}>
      {stale && <Icon of={HourglassMediumIcon} />}
      <span>
        <Said text={source.name} language={language} />
        {source.asOf !== null && ', '}
        {source.asOf !== null &&
          (stale ? <Say id="file.oldAsOf" values={{ moment: dates.dayTime(source.asOf) }} /> : dates.dayTime(source.asOf))}
      </span>
    </p>
  );
}
