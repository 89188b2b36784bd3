import type { ReactNode } from 'react';
import type { ItemView, SourceView } from '../../contract/file-view.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowRightIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';
import { SourceLine } from './item-row.tsx';
import { ItemState } from './item-state.tsx';
import { Said } from './said.tsx';

type DetailProps = { view: KioskView; item: ItemView; source: SourceView | undefined; onBack: () => void };

/** One thing of the file: how it stands, what is next, what the person can do, who handles it. */
export function ItemDetail({ view, item, source, onBack }: DetailProps) {
  const dates = useDates();
  const { language } = view;
  const line = source ? <SourceLine source={source} language={language} /> : null;
  const row = (name: ReactNode, value: ReactNode) => (
    <Row name={name} source={null}>
      {value}
    </Row>
  );
  return (
    <Page
      reading
      who={<Who view={view} />}
      feet={
        <Feet view={view} split="even">
          <Button size="big" before={ArrowLeftIcon} onPress={onBack}>
            <Say id="file.back" />
          </Button>
          {item.answeredBy !== undefined && (
            <Button
              size="big"
              kind="go"
              spread
              after={ArrowRightIcon}
              onPress={() => item.answeredBy !== undefined && ask('form.open', { product: item.answeredBy })}
            >
              <Say id="file.start" />
            </Button>
          )}
        </Feet>
      }
    >
      <Title>
        <Said text={item.title} language={language} />
      </Title>
      {item.action && (
        <Care icon={WarningCircleIcon}>
          <Said text={item.action.text} language={language} />
          {item.action.until !== null && (
            <span className="line">
              <Say id="file.until" values={{ day: dates.day(item.action.until) }} />
            </span>
          )}
        </Care>
      )}
      <Rows>
        <Row name={<Say id={`file.kind.${item.kind}`} />} source={line}>
          <ItemState item={item} language={language} />
        </Row>
        {item.kind === 'dossier' && item.status && row(<Say id="file.phase" />, <Say id={`file.phase.${item.phase}`} />)}
        {item.next && row(<Say id="file.next" />, <Said text={item.next} language={language} />)}
        {item.contact && row(<Say id="file.contact" />, <Contact contact={item.contact} />)}
        {item.number !== undefined && row(<Say id="file.number" />, item.number)}
        {item.kind === 'payment' && item.communication !== undefined && row(<Say id="file.communication" />, spell(item.communication))}
        {row(<Say id="file.on" />, dates.date(item.on))}
      </Rows>
      <p className="after">
        <Say id="file.wrong" values={{ desk: view.desk }} />
      </p>
    </Page>
  );
}

function Contact({ contact }: { contact: NonNullable<ItemView['contact']> }) {
  return (
    <>
      {contact.name}
      {contact.phone !== undefined && <span className="item__contact">{contact.phone}</span>}
      {contact.email !== undefined && <span className="item__contact">{contact.email}</span>}
    </>
  );
}

/** `+++123/4567/89002+++`, as it is printed on every Belgian transfer. */
function spell(communication: string): string {
  return `+++${communication.slice(0, 3)}/${communication.slice(3, 7)}/${communication.slice(7)}+++`;
}
