import type { ItemView } from '../../contract/file-view.ts';
import type { Language } from '../../contract/language.ts';
import { unreachable } from '../../contract/result.ts';
import { useDates } from '../i18n/dates.ts';
import { useEuros } from '../i18n/euros.ts';
import { Say } from '../i18n/words.tsx';
import { Said } from './said.tsx';

/** How it stands with an item, in a line. */
export function ItemState({ item, language }: { item: ItemView; language: Language }) {
  const dates = useDates();
  const euros = useEuros();
  switch (item.kind) {
    case 'dossier':
      return item.status ? <Said text={item.status} language={language} /> : <Say id={`file.phase.${item.phase}`} />;
    case 'document':
      return item.validUntil === null ? (
        <Said text={item.issuedBy} language={language} />
      ) : (
        <Say id="file.validUntil" values={{ day: dates.date(item.validUntil) }} />
      );
    case 'appointment':
      return (
        <span className="joined">
          <span>{item.cancelled ? <Say id="file.cancelled" /> : dates.dayTime(item.at)}</span>
          <span>
            <Said text={item.place} language={language} />
          </span>
        </span>
      );
    case 'payment': {
      const amount = euros(item.cents);
      if (item.paidOn !== null) return <Say id="file.paid" values={{ amount, day: dates.date(item.paidOn) }} />;
      return item.due === null ? amount : <Say id="file.due" values={{ amount, day: dates.date(item.due) }} />;
    }
    case 'reservation':
      return (
        <span className="joined">
          <span>
            <Say id={`file.reservation.${item.state}`} values={{ from: dates.dayTime(item.from) }} />
          </span>
          <span>
            <Said text={item.place} language={language} />
          </span>
        </span>
      );
    case 'permit':
      return item.validUntil === null ? (
        <Say id="file.validFrom" values={{ day: dates.date(item.validFrom) }} />
      ) : (
        <Say id="file.validUntil" values={{ day: dates.date(item.validUntil) }} />
      );
    case 'loan':
      return <Say id="file.backBy" values={{ day: dates.date(item.due) }} />;
    case 'message':
      return <Said text={item.text} language={language} />;
    case 'register_data':
      return <Said text={item.value} language={language} />;
    case 'consultation':
      return (
        <span className="joined">
          <span>
            <Said text={item.by} language={language} />
          </span>
          <span>
            <Said text={item.purpose} language={language} />
          </span>
        </span>
      );
    default:
      return unreachable(item);
  }
}
