import type { FileItem, SourceInfo, SourceText } from './file.ts';
import type { Language } from './language.ts';
import { unreachable } from './result.ts';
import { readSourceText } from './source-text.ts';

/** An item of a file as a person takes it along: on paper, in a letter box, on the own telephone. Plain text; it names no number of a person. */
export type ItemSheet = { language: Language; title: string; rows: readonly { name: string; value: string }[]; foot: string };

export function writeItemSheet(
  item: FileItem,
  source: { name: SourceInfo['name']; asOf: string | null },
  { language, at }: { language: Language; at: Date },
): ItemSheet {
  const words = names[language];
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
        words.todo,
        action && (action.until === null ? read(action.text) : `${read(action.text)} (${words.until} ${day(action.until)})`),
      ),
      ...stateOf(item, { words, language, read, day, moment }),
      ...row(words.next, next && read(next)),
      ...row(words.contact, contact && [contact.name, contact.phone, contact.email].filter(Boolean).join(', ')),
      ...row(words.number, number),
      ...row(words.date, day(item.on)),
      ...row(words.source, source.asOf === null ? read(source.name) : `${read(source.name)}, ${moment(source.asOf)}`),
    ],
    foot: words.foot(moment(at.toISOString())),
  };
}

type Names = {
  [N in 'todo' | 'until' | 'state' | 'where' | 'next' | 'contact' | 'number' | 'date' | 'source' | 'amount' | 'due' | 'paid']: string;
} & { [N in 'from' | 'by' | 'why' | 'what' | 'cancelled' | 'communication']: string } & {
  phase: Record<'assembling' | 'in_treatment' | 'finished', string>;
  reservation: Record<'asked' | 'confirmed' | 'cancelled', string>;
  foot: (at: string) => string;
};

type Tools = {
  words: Names;
  language: Language;
  read: (text: SourceText) => string;
  day: (text: string) => string;
  moment: (text: string) => string;
};

function stateOf(item: FileItem, { words, language, read, day, moment }: Tools): ItemSheet['rows'] {
  const rows = (...pairs: [string, string | null][]) => pairs.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  const dayOr = (text: string | null) => (text === null ? null : day(text));
  switch (item.kind) {
    case 'dossier':
      return rows([words.state, item.status ? read(item.status) : words.phase[item.phase]]);
    case 'document':
      return rows([words.by, read(item.issuedBy)], [words.until, dayOr(item.validUntil)]);
    case 'appointment':
      return rows([words.state, item.cancelled ? words.cancelled : null], [words.date, moment(item.at)], [words.where, read(item.place)]);
    case 'payment': {
      const amount = new Intl.NumberFormat(locales[language], { style: 'currency', currency: 'EUR' }).format(item.cents / 100);
      return rows(
        [words.amount, amount],
        [words.due, dayOr(item.due)],
        [words.paid, dayOr(item.paidOn)],
        [words.communication, spell(item.communication)],
      );
    }
    case 'reservation':
      return rows(
        [words.state, words.reservation[item.state]],
        [words.from, `${moment(item.from)} – ${moment(item.to)}`],
        [words.where, read(item.place)],
      );
    case 'permit':
      return rows([words.from, day(item.validFrom)], [words.until, dayOr(item.validUntil)]);
    case 'loan':
      return rows([words.due, day(item.due)]);
    case 'message':
      return rows([words.what, read(item.text)]);
    case 'register_data':
      return rows([words.what, read(item.value)]);
    case 'consultation':
      return rows([words.by, read(item.by)], [words.why, read(item.purpose)], [words.what, item.fields.map(read).join(', ') || null]);
    default:
      return unreachable(item);
  }
}

/** `+++123/4567/89002+++`, as on every Belgian transfer (OGM-VCS). */
function spell(communication: string | undefined): string | null {
  return communication === undefined ? null : `+++${communication.slice(0, 3)}/${communication.slice(3, 7)}/${communication.slice(7)}+++`;
}

const locales: Record<Language, string> = { nl: 'nl-BE', fr: 'fr-BE', de: 'de-BE', en: 'en-BE' };

/** A day is the same wherever it is read; a moment is of this country's clocks. */
function format(language: Language, how: Intl.DateTimeFormatOptions, text: string): string {
  const timeZone = how.timeStyle === undefined ? 'UTC' : 'Europe/Brussels';
  return new Intl.DateTimeFormat(locales[language], { ...how, timeZone }).format(new Date(text));
}

const names: Record<Language, Names> = {
  nl: {
    ...{ todo: 'Te doen', until: 'tot', state: 'Stand', where: 'Plaats', next: 'Wat er nu gebeurt', contact: 'Contact', number: 'Nummer' },
    ...{ date: 'Datum', source: 'Bron', amount: 'Bedrag', due: 'Uiterlijk', paid: 'Betaald', from: 'Van', by: 'Door', why: 'Waarom' },
    ...{ what: 'Inhoud', cancelled: 'Geannuleerd', communication: 'Mededeling' },
    phase: { assembling: 'Wordt samengesteld', in_treatment: 'In behandeling', finished: 'Afgerond' },
    reservation: { asked: 'Gevraagd', confirmed: 'Bevestigd', cancelled: 'Geannuleerd' },
    foot: (at) => `Gelezen aan het loket op ${at}. Dit is geen attest.`,
  },
  fr: {
    ...{ todo: 'À faire', until: 'jusqu’au', state: 'État', where: 'Lieu', next: 'La suite', contact: 'Contact', number: 'Numéro' },
    ...{ date: 'Date', source: 'Source', amount: 'Montant', due: 'Au plus tard', paid: 'Payé', from: 'De', by: 'Par', why: 'Pourquoi' },
    ...{ what: 'Contenu', cancelled: 'Annulé', communication: 'Communication' },
    phase: { assembling: 'En préparation', in_treatment: 'En traitement', finished: 'Terminé' },
    reservation: { asked: 'Demandé', confirmed: 'Confirmé', cancelled: 'Annulé' },
    foot: (at) => `Lu au guichet le ${at}. Ceci n’est pas une attestation.`,
  },
  de: {
    ...{ todo: 'Zu tun', until: 'bis', state: 'Stand', where: 'Ort', next: 'Wie es weitergeht', contact: 'Kontakt', number: 'Nummer' },
    ...{ date: 'Datum', source: 'Quelle', amount: 'Betrag', due: 'Spätestens', paid: 'Bezahlt', from: 'Von', by: 'Durch', why: 'Warum' },
    ...{ what: 'Inhalt', cancelled: 'Abgesagt', communication: 'Mitteilung' },
    phase: { assembling: 'Wird zusammengestellt', in_treatment: 'In Bearbeitung', finished: 'Abgeschlossen' },
    reservation: { asked: 'Angefragt', confirmed: 'Bestätigt', cancelled: 'Abgesagt' },
    foot: (at) => `Am Schalter gelesen am ${at}. Dies ist keine Bescheinigung.`,
  },
  en: {
    ...{ todo: 'To do', until: 'until', state: 'State', where: 'Place', next: 'What happens next', contact: 'Contact', number: 'Number' },
    ...{ date: 'Date', source: 'Source', amount: 'Amount', due: 'At the latest', paid: 'Paid', from: 'From', by: 'By', why: 'Why' },
    ...{ what: 'Content', cancelled: 'Cancelled', communication: 'Communication' },
    phase: { assembling: 'Being put together', in_treatment: 'In treatment', finished: 'Finished' },
    reservation: { asked: 'Asked for', confirmed: 'Confirmed', cancelled: 'Cancelled' },
    foot: (at) => `Read at the desk on ${at}. This is no certificate.`,
  },
};
