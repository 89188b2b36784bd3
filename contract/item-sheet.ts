import { printCommunication } from './check-numbers.ts';
import type { FileItem, SourceInfo, SourceText } from './file.ts';
import { phaseWords, reservationWords, sheetWords } from './item-sheet-words.ts';
import type { Language } from './language.ts';
import { printIban } from './payment.ts';
import { unreachable } from './result.ts';
import { readSourceText } from './source-text.ts';

/** An item of a file as a person takes it along: on paper, in a letter box, on the own telephone. Plain text; it names no number of a person. */
export type ItemSheet = { language: Language; title: string; rows: readonly { name: string; value: string }[]; foot: string };

export function writeItemSheet(
  item: FileItem,
  source: { name: SourceInfo['name']; asOf: string | null },
  { language, at }: { language: Language; at: Date },
): ItemSheet {
  const say: Tools['say'] = (word) => sheetWords[word][language];
  const read = (text: SourceText) => readSourceText(text, language).words;
  const day = (text: string) => format(language, { dateStyle: 'long' }, text);
  const moment = (text: string) => format(language, { dateStyle: 'long', timeStyle: 'short' }, text);
  const row = (name: string, value: string | null | undefined | false) => (value ? [{ name, value }] : []);
  const { action, next, contact, number } = item;
  return {
    language,
    title: read(item.title),
    rows: [
      ...row(
        say('todo'),
        action && (action.until === null ? read(action.text) : `${read(action.text)} (${say('until')} ${day(action.until)})`),
      ),
      ...stateOf(item, { say, language, read, day, moment }),
      ...row(say('next'), next && read(next)),
      ...row(say('contact'), contact && [contact.name, contact.phone, contact.email].filter(Boolean).join(', ')),
      ...row(say('number'), number),
      ...row(say('date'), day(item.on)),
      ...row(say('source'), source.asOf === null ? read(source.name) : `${read(source.name)}, ${moment(source.asOf)}`),
    ],
    foot: say('foot').replace('{at}', moment(at.toISOString())),
  };
}

type Tools = {
  say: (word: keyof typeof sheetWords) => string;
  language: Language;
  read: (text: SourceText) => string;
  day: (text: string) => string;
  moment: (text: string) => string;
};

function stateOf(item: FileItem, { say, language, read, day, moment }: Tools): ItemSheet['rows'] {
  const rows = (...pairs: [string, string | null][]) => pairs.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const dayOr = (text: string | null) => (text === null ? null : day(text));
  switch (item.kind) {
    case 'dossier':
      return rows([say('state'), item.status ? read(item.status) : phaseWords[item.phase][language]]);
    case 'document':
      return rows([say('by'), read(item.issuedBy)], [say('until'), dayOr(item.validUntil)]);
    case 'appointment':
      return rows(
        [say('state'), item.cancelled ? say('cancelled') : null],
        [say('date'), moment(item.at)],
        [say('where'), read(item.place)],
      );
    case 'payment': {
      const { payee } = item;
      const amount = new Intl.NumberFormat(locales[language], { style: 'currency', currency: 'EUR' }).format(item.cents / 100);
      return rows(
        [say('amount'), amount],
        [say('due'), dayOr(item.due)],
        [say('paid'), dayOr(item.paidOn)],
        [say('account'), payee === undefined || item.paidOn !== null ? null : `${printIban(payee.iban)} (${payee.name})`],
        [say('communication'), item.communication === undefined ? null : printCommunication(item.communication)],
      );
    }
    case 'reservation':
      return rows(
        [say('state'), reservationWords[item.state][language]],
        [say('from'), `${moment(item.from)} – ${moment(item.to)}`],
        [say('where'), read(item.place)],
      );
    case 'permit':
      return rows([say('from'), day(item.validFrom)], [say('until'), dayOr(item.validUntil)]);
    case 'loan':
      return rows([say('due'), day(item.due)]);
    case 'message':
      return rows([say('what'), read(item.text)]);
    case 'register_data':
      return rows([say('what'), read(item.value)]);
    case 'consultation':
      return rows([say('by'), read(item.by)], [say('why'), read(item.purpose)], [say('what'), item.fields.map(read).join(', ') || null]);
    default:
      return unreachable(item);
  }
}

const locales: Record<Language, string> = { nl: 'nl-BE', fr: 'fr-BE', de: 'de-BE', en: 'en-BE' };

/** A day is the same wherever it is read; a moment is of this country's clocks. */
function format(language: Language, how: Intl.DateTimeFormatOptions, text: string): string {
  const timeZone = how.timeStyle === undefined ? 'UTC' : 'Europe/Brussels';
  return new Intl.DateTimeFormat(locales[language], { ...how, timeZone }).format(new Date(text));
}
