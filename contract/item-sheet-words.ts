import type { Language } from './language.ts';

type Word = Readonly<Record<Language, string>>;

/** The words on an item's sheet. */
export const sheetWords = {
  todo: { nl: 'Te doen', fr: 'À faire', de: 'Zu tun', en: 'To do' },
  until: { nl: 'tot', fr: 'jusqu’au', de: 'bis', en: 'until' },
  state: { nl: 'Stand', fr: 'État', de: 'Stand', en: 'State' },
  where: { nl: 'Plaats', fr: 'Lieu', de: 'Ort', en: 'Place' },
  next: { nl: 'Wat er nu gebeurt', fr: 'La suite', de: 'Wie es weitergeht', en: 'What happens next' },
  contact: { nl: 'Contact', fr: 'Contact', de: 'Kontakt', en: 'Contact' },
  number: { nl: 'Nummer', fr: 'Numéro', de: 'Nummer', en: 'Number' },
  date: { nl: 'Datum', fr: 'Date', de: 'Datum', en: 'Date' },
  source: { nl: 'Bron', fr: 'Source', de: 'Quelle', en: 'Source' },
  amount: { nl: 'Bedrag', fr: 'Montant', de: 'Betrag', en: 'Amount' },
  due: { nl: 'Uiterlijk', fr: 'Au plus tard', de: 'Spätestens', en: 'At the latest' },
  paid: { nl: 'Betaald', fr: 'Payé', de: 'Bezahlt', en: 'Paid' },
  from: { nl: 'Van', fr: 'De', de: 'Von', en: 'From' },
  by: { nl: 'Door', fr: 'Par', de: 'Durch', en: 'By' },
  why: { nl: 'Waarom', fr: 'Pourquoi', de: 'Warum', en: 'Why' },
  what: { nl: 'Inhoud', fr: 'Contenu', de: 'Inhalt', en: 'Content' },
  cancelled: { nl: 'Geannuleerd', fr: 'Annulé', de: 'Abgesagt', en: 'Cancelled' },
  account: { nl: 'Rekening', fr: 'Compte', de: 'Konto', en: 'Account' },
  communication: { nl: 'Mededeling', fr: 'Communication', de: 'Mitteilung', en: 'Communication' },
  /** `{at}`: when it was read. */
  foot: {
    nl: 'Gelezen aan het loket op {at}. Dit is geen attest.',
    fr: 'Lu au guichet le {at}. Ceci n’est pas une attestation.',
    de: 'Am Schalter gelesen am {at}. Dies ist keine Bescheinigung.',
    en: 'Read at the desk on {at}. This is no certificate.',
  },
} satisfies Record<string, Word>;

export const phaseWords = {
  assembling: { nl: 'Wordt samengesteld', fr: 'En préparation', de: 'Wird zusammengestellt', en: 'Being put together' },
  in_treatment: { nl: 'In behandeling', fr: 'En traitement', de: 'In Bearbeitung', en: 'In treatment' },
  finished: { nl: 'Afgerond', fr: 'Terminé', de: 'Abgeschlossen', en: 'Finished' },
} satisfies Record<string, Word>;

export const reservationWords = {
  asked: { nl: 'Gevraagd', fr: 'Demandé', de: 'Angefragt', en: 'Asked for' },
  confirmed: { nl: 'Bevestigd', fr: 'Confirmé', de: 'Bestätigt', en: 'Confirmed' },
  cancelled: { nl: 'Geannuleerd', fr: 'Annulé', de: 'Abgesagt', en: 'Cancelled' },
} satisfies Record<string, Word>;
