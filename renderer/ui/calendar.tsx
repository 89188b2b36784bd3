import { CalendarDate, parseDate } from '@internationalized/date';
import { useState } from 'react';
import {
  Dialog as AriaDialog,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  CalendarHeading,
  Heading,
  Modal,
  ModalOverlay,
} from 'react-aria-components';
import type { CalendarView } from '../../contract/view.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from './button.tsx';
import { toIsoDate } from './date-parts.ts';
import { ArrowLeftIcon, ArrowRightIcon, CalendarBlankIcon } from './icons.ts';
import { names } from './names.ts';
import { Scroll } from './scroll.tsx';

type CalendarProps = { label: string; calendar: CalendarView; value: string; onChange: (day: string) => void };

/**
 * A month to choose a day from, for who knows the weekday and not the date. Over the page, so that the three boxes stay the
 * quick way. Keys are those of the date grid of the ARIA Authoring Practices (React Aria's Calendar).
 */
export function CalendarButton(props: CalendarProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button before={CalendarBlankIcon} onPress={() => setOpen(true)}>
        <Say id="calendar.open" />
      </Button>
      <ModalOverlay className="overlay" isOpen={open} isDismissable={false} onOpenChange={setOpen}>
        <Modal className="overlay__box">
          <AriaDialog className="dialog">
            <Scroll>
              <Month {...props} onDone={() => setOpen(false)} />
            </Scroll>
            <div className="dialog__feet">
              <Button size="big" before={ArrowLeftIcon} onPress={() => setOpen(false)}>
                <Say id="button.closeDialog" />
              </Button>
            </div>
          </AriaDialog>
        </Modal>
      </ModalOverlay>
    </>
  );
}

function Month({ label, calendar, value, onChange, onDone }: CalendarProps & { onDone: () => void }) {
  const text = useText();
  const dates = useDates();
  const { today, from, to } = calendar;
  const chosen = dayOf(toIsoDate(value));
  const begin = [chosen?.toString() ?? today, from].toSorted().at(-1) ?? today;
  const choose = (day: CalendarDate) => {
    onChange(day.toString());
    onDone();
  };
  return (
    <>
      <Heading slot="title" level={2} className="dialog__title">
        {label}
      </Heading>
      <p>{to === null ? <Say id="calendar.from" values={{ from: dates.day(from) }} /> : <Between from={from} to={to} />}</p>
      <Calendar
        className="month"
        aria-label={label}
        firstDayOfWeek="mon"
        value={chosen}
        onChange={choose}
        defaultFocusedValue={parseDate(to !== null && begin > to ? to : begin)}
        minValue={parseDate(from)}
        maxValue={to === null ? null : parseDate(to)}
        autoFocus
      >
        <div className="month__head">
          <Button slot="previous" aria-label={text('calendar.previous')} before={ArrowLeftIcon}>
            <Say id="calendar.previous" />
          </Button>
          <CalendarHeading className="month__name" />
          <Button slot="next" aria-label={text('calendar.next')} after={ArrowRightIcon}>
            <Say id="calendar.next" />
          </Button>
        </div>
        <CalendarGrid className="month__days" weekdayStyle="short">
          <CalendarGridHeader>{(day) => <CalendarHeaderCell className="month__weekday">{day}</CalendarHeaderCell>}</CalendarGridHeader>
          <CalendarGridBody>
            {(date) => <CalendarCell date={date} className={names('month__day', date.toString() === today && 'is-today')} />}
          </CalendarGridBody>
        </CalendarGrid>
      </Calendar>
    </>
  );
}

function Between({ from, to }: { from: string; to: string }) {
  const dates = useDates();
  return <Say id="calendar.between" values={{ from: dates.day(from), to: dates.day(to) }} />;
}

/** Null for what is being typed, and for a day that is none: the calendar then opens where it would without. */
function dayOf(iso: string): CalendarDate | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso) ?? [];
  if (year === undefined) return null;
  const date = new CalendarDate(Number(year), Number(month), Number(day));
  return date.toString() === iso ? date : null;
}
