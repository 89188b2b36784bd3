import type { ReactNode } from 'react';
import type { ItemView, SourceView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import type { KioskView, TakingView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { useEuros } from '../i18n/euros.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowRightIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Payment } from '../ui/payment.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';
import { SourceLine } from './item-row.tsx';
import { ItemState } from './item-state.tsx';
import { Said } from './said.tsx';
import { TakeAlong } from './take-along.tsx';

type DetailProps = {
  view: KioskView;
  item: ItemView;
  source: SourceView | undefined;
  prints: boolean;
  taking: TakingView | null;
  onBack: () => void;
};

/** One thing of the file: how it stands, what is next, what the person can do, who handles it. */
export function ItemDetail({ view, item, source, prints, taking, onBack }: DetailProps) {
  const dates = useDates();
  const { language } = view;
  const euros = useEuros();
  const answer = item.answeredBy;
  const bill = item.kind === 'payment' ? item : null;
  // By what a source said some time ago, somebody could pay twice.
  const phone = source?.state === 'fresh' ? bill?.phone : undefined;
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
          {answer !== undefined && (
            <Button
              size="big"
              kind="go"
              spread
              after={ArrowRightIcon}
              onPress={() => ask('form.open', { product: answer, item: item.key })}
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
        <Row name={<Say id="file.stand" />} source={line}>
          <ItemState item={item} language={language} />
        </Row>
        {item.kind === 'dossier' && item.status && row(<Say id="file.phase" />, <Say id={`file.phase.${item.phase}`} />)}
        {item.next && row(<Say id="file.next" />, <Said text={item.next} language={language} />)}
        {item.contact && row(<Say id="file.contact" />, <Contact contact={item.contact} />)}
        {item.number !== undefined && row(<Say id="file.number" />, item.number)}
        {item.kind === 'consultation' &&
          item.fields.length > 0 &&
          row(<Say id="file.fields" />, <Fields item={item} language={language} />)}
        {bill?.communication !== undefined && !phone && row(<Say id="file.communication" />, spell(bill.communication))}
        {bill?.paidOn === null && !phone && row(<Say id="file.pay" />, <Say id="file.pay.say" values={{ desk: view.desk }} />)}
        {row(<Say id="file.on" />, dates.date(item.on))}
      </Rows>
      {bill?.communication !== undefined && phone && (
        <Payment amount={euros(bill.cents)} communication={spell(bill.communication)} phone={phone}>
          <Say id="file.pay.phone" values={{ desk: view.desk }} />
        </Payment>
      )}
      <TakeAlong item={item.key} prints={prints} taking={taking} />
      <p className="after">
        <Say id="file.wrong" values={{ desk: view.desk }} />
        {item.number !== undefined && (
          <span className="line">
            <Say id="file.wrongNumber" />
          </span>
        )}
      </p>
    </Page>
  );
}

function Fields({ item, language }: { item: Extract<ItemView, { kind: 'consultation' }>; language: Language }) {
  return item.fields.map((field) => (
    <span key={Object.values(field).join()} className="line">
      <Said text={field} language={language} />
    </span>
  ));
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
