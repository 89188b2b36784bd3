import type { SourceText } from '../../contract/file.ts';
import type { ConsultationRow } from './source.ts';

const four = (nl: string, fr: string, de: string, en: string): SourceText => ({ nl, fr, de, en });

export const words = {
  decided: four(
    'Een bediener besliste over uw aanvraag.',
    'Un opérateur a pris une décision sur votre demande.',
    'Ein Bediener hat über Ihren Antrag entschieden.',
    'An operator decided about your request.',
  ),
  unproven: four(
    'Een terminal meldde dit, maar het bewijs ontbreekt of klopt niet. Herkent u het niet, vraag ernaar aan het loket.',
    'Un terminal l’a signalé, mais la preuve manque ou n’est pas correcte. Si vous ne le reconnaissez pas, demandez au guichet.',
    'Ein Terminal hat das gemeldet, aber der Nachweis fehlt oder stimmt nicht. Fragen Sie am Schalter nach, wenn Sie es nicht kennen.',
    'A terminal reported this, but the proof is missing or wrong. If you do not recognise it, ask at the desk.',
  ),
  operator: four(
    'een bediener van de middleware',
    'un opérateur de la plateforme',
    'ein Bediener der Plattform',
    'an operator of the platform',
  ),
  released: four(
    'een aanvraag vrijgeven die in twijfel was',
    'libérer une demande mise en doute',
    'einen Antrag freigeben, an dem Zweifel bestand',
    'releasing a request that was in doubt',
  ),
  rejected: four('een aanvraag afwijzen', 'rejeter une demande', 'einen Antrag ablehnen', 'rejecting a request'),
  reference: four(
    'de referentie van uw aanvraag',
    'la référence de votre demande',
    'die Referenz Ihres Antrags',
    'the reference of your request',
  ),
} as const;

const purposes: Record<ConsultationRow['purpose'], SourceText> = {
  own_file: four('de map bekijken', 'consulter le dossier', 'die Mappe ansehen', 'looking at the file'),
  suggestions: four('voorstellen maken', 'faire des suggestions', 'Vorschläge machen', 'making suggestions'),
  desk: four('hulp aan het loket', 'aide au guichet', 'Hilfe am Schalter', 'help at the desk'),
  help: four('hulp van een begeleider', 'aide d’un accompagnateur', 'Hilfe eines Begleiters', 'help from a helper'),
};

export function describePurpose(purpose: ConsultationRow['purpose']): SourceText {
  return purposes[purpose];
}

/** What happened, as a sentence: who did what, and where. */
export function describeLook(
  { role, acting_as, kinds }: Pick<ConsultationRow, 'role' | 'acting_as' | 'kinds'>,
  { isOwn, terminal }: { isOwn: boolean; terminal: string },
): SourceText {
  if (role === 'suggestions')
    return four(
      `${terminal} zocht zelf voorstellen voor u. Geen mens keek mee.`,
      `${terminal} a cherché lui-même des suggestions pour vous. Personne n’a regardé.`,
      `${terminal} hat selbst Vorschläge für Sie gesucht. Kein Mensch hat mitgesehen.`,
      `${terminal} looked for suggestions for you by itself. No person looked.`,
    );
  const onlyRoles = kinds.length === 1 && kinds[0] === 'roles';
  if (isOwn)
    return onlyRoles
      ? four(
          `U vroeg aan ${terminal} voor wie u mag handelen.`,
          `Vous avez demandé à ${terminal} pour qui vous pouvez agir.`,
          `Sie haben ${terminal} gefragt, für wen Sie handeln dürfen.`,
          `You asked ${terminal} for whom you may act.`,
        )
      : four(
          `U bekeek uw gegevens aan ${terminal}.`,
          `Vous avez consulté vos données à ${terminal}.`,
          `Sie haben an ${terminal} Ihre Daten angesehen.`,
          `You looked at your data at ${terminal}.`,
        );
  const who = whoOf(role, acting_as.kind === 'person' ? acting_as.basis : acting_as.kind, false);
  return four(
    `${raise(who.nl)} bekeek uw gegevens aan ${terminal}.`,
    `${raise(who.fr)} a consulté vos données à ${terminal}.`,
    `${raise(who.de)} hat an ${terminal} Ihre Daten angesehen.`,
    `${raise(who.en)} looked at your data at ${terminal}.`,
  );
}

function raise(words = ''): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Who it was, as far as the subject may know: a role, never another person's number. */
export function describeBy({ role, acting_as }: ConsultationRow, { isOwn, terminal }: { isOwn: boolean; terminal: string }): SourceText {
  const at = four(`, aan ${terminal}`, `, au ${terminal}`, `, am ${terminal}`, `, at ${terminal}`);
  return join(whoOf(role, acting_as.kind === 'person' ? acting_as.basis : acting_as.kind, isOwn), at);
}

function whoOf(role: ConsultationRow['role'], as: string, isOwn: boolean): SourceText {
  if (role === 'suggestions')
    return four(
      'de terminal zelf, geen mens',
      'le terminal lui-même, aucune personne',
      'das Terminal selbst, kein Mensch',
      'the terminal itself, no person',
    );
  if (role === 'clerk')
    return four('een medewerker van het loket', 'un agent du guichet', 'ein Mitarbeiter des Schalters', 'a clerk of the desk');
  if (role === 'helper') return four('een begeleider', 'un accompagnateur', 'ein Begleiter', 'a helper');
  if (isOwn) return four('uzelf', 'vous-même', 'Sie selbst', 'yourself');
  if (as === 'parent') return four('uw ouder', 'votre parent', 'Ihr Elternteil', 'your parent');
  if (as === 'guardian')
    return four('uw voogd of bewindvoerder', 'votre tuteur ou administrateur', 'Ihr Vormund oder Betreuer', 'your guardian');
  if (as === 'mandate')
    return four('iemand met uw volmacht', 'quelqu’un avec votre mandat', 'jemand mit Ihrer Vollmacht', 'somebody with your mandate');
  if (as === 'enterprise')
    return four(
      'iemand die de onderneming vertegenwoordigt',
      'quelqu’un qui représente l’entreprise',
      'jemand, der das Unternehmen vertritt',
      'somebody who represents the enterprise',
    );
  return four('iemand', 'quelqu’un', 'jemand', 'somebody');
}

function join(one: SourceText, other: SourceText): SourceText {
  return four(`${one.nl}${other.nl}`, `${one.fr}${other.fr}`, `${one.de}${other.de}`, `${one.en}${other.en}`);
}

const kinds: Readonly<Record<string, SourceText>> = {
  dossier: four('dossiers', 'dossiers', 'Vorgänge', 'dossiers'),
  document: four('documenten', 'documents', 'Dokumente', 'documents'),
  appointment: four('afspraken', 'rendez-vous', 'Termine', 'appointments'),
  payment: four('betalingen', 'paiements', 'Zahlungen', 'payments'),
  reservation: four('reservaties', 'réservations', 'Reservierungen', 'reservations'),
  permit: four('vergunningen', 'permis', 'Genehmigungen', 'permits'),
  loan: four('ontleningen', 'emprunts', 'Ausleihen', 'loans'),
  message: four('berichten', 'messages', 'Nachrichten', 'messages'),
  register_data: four('gegevens uit registers', 'données des registres', 'Registerdaten', 'data of registers'),
  roles: four('voor wie u mag handelen', 'pour qui vous pouvez agir', 'für wen Sie handeln dürfen', 'for whom you may act'),
  birth_date: four('uw geboortedatum', 'votre date de naissance', 'Ihr Geburtsdatum', 'your date of birth'),
  address: four('uw adres', 'votre adresse', 'Ihre Adresse', 'your address'),
  interests: four('uw interesses', 'vos centres d’intérêt', 'Ihre Interessen', 'your interests'),
  consultation: four('wie uw gegevens bekeek', 'qui a consulté vos données', 'wer Ihre Daten angesehen hat', 'who looked at your data'),
};

/** A kind that this version does not know is shown by its own name. */
export function describeKinds(names: readonly string[]): SourceText[] {
  return names.slice(0, 50).map((name) => kinds[name] ?? { nl: name });
}
