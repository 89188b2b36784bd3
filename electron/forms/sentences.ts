import type { Prefill } from '../../contract/form.ts';
import type { Problem } from '../../contract/forms/compile-form.ts';
import type { Text } from '../../contract/language.ts';

/** What is wrong with an answer and what to do about it: the same words on the kiosk and at the desk. */
export const sentences: Record<Exclude<Problem, 'missing' | 'wrong' | 'not_asked'>, Text> = {
  iban_country: {
    nl: 'Een rekeningnummer begint met twee letters van een land, zoals BE.',
    fr: 'Un numéro de compte commence par deux lettres d’un pays, comme BE.',
    de: 'Eine Kontonummer beginnt mit zwei Buchstaben eines Landes, wie BE.',
    en: 'An account number begins with two letters of a country, like BE.',
  },
  iban_length: {
    nl: 'Dit rekeningnummer is te kort of te lang. Een Belgisch nummer is BE en veertien cijfers.',
    fr: 'Ce numéro de compte est trop court ou trop long. Un numéro belge est BE et quatorze chiffres.',
    de: 'Diese Kontonummer ist zu kurz oder zu lang. Eine belgische Nummer ist BE und vierzehn Ziffern.',
    en: 'This account number is too short or too long. A Belgian number is BE and fourteen digits.',
  },
  iban_check: {
    nl: 'Dit rekeningnummer klopt niet. Kijk elk cijfer na op uw bankkaart.',
    fr: 'Ce numéro de compte n’est pas juste. Vérifiez chaque chiffre sur votre carte bancaire.',
    de: 'Diese Kontonummer stimmt nicht. Prüfen Sie jede Ziffer auf Ihrer Bankkarte.',
    en: 'This account number is not right. Check each digit on your bank card.',
  },
  number_length: {
    nl: 'Een rijksregisternummer heeft elf cijfers. Het staat achteraan op de identiteitskaart.',
    fr: 'Un numéro national a onze chiffres. Il est au dos de la carte d’identité.',
    de: 'Eine Nationalregisternummer hat elf Ziffern. Sie steht hinten auf dem Personalausweis.',
    en: 'A national number has eleven digits. It is on the back of the identity card.',
  },
  number_check: {
    nl: 'Dit rijksregisternummer klopt niet. Kijk elk cijfer na op de identiteitskaart.',
    fr: 'Ce numéro national n’est pas juste. Vérifiez chaque chiffre sur la carte d’identité.',
    de: 'Diese Nationalregisternummer stimmt nicht. Prüfen Sie jede Ziffer auf dem Personalausweis.',
    en: 'This national number is not right. Check each digit on the identity card.',
  },
  number_test: {
    nl: 'Dit nummer is alleen voor testen. Typ het nummer van de identiteitskaart.',
    fr: 'Ce numéro sert seulement aux tests. Tapez le numéro de la carte d’identité.',
    de: 'Diese Nummer ist nur für Tests. Geben Sie die Nummer vom Personalausweis ein.',
    en: 'This number is only for tests. Type the number on the identity card.',
  },
  enterprise_length: {
    nl: 'Een ondernemingsnummer heeft tien cijfers en begint met 0 of 1.',
    fr: 'Un numéro d’entreprise a dix chiffres et commence par 0 ou 1.',
    de: 'Eine Unternehmensnummer hat zehn Ziffern und beginnt mit 0 oder 1.',
    en: 'An enterprise number has ten digits and begins with 0 or 1.',
  },
  enterprise_check: {
    nl: 'Dit ondernemingsnummer klopt niet. Kijk elk cijfer na.',
    fr: 'Ce numéro d’entreprise n’est pas juste. Vérifiez chaque chiffre.',
    de: 'Diese Unternehmensnummer stimmt nicht. Prüfen Sie jede Ziffer.',
    en: 'This enterprise number is not right. Check each digit.',
  },
  establishment_length: {
    nl: 'Een vestigingsnummer heeft tien cijfers en begint met 2 tot 8.',
    fr: 'Un numéro d’unité d’établissement a dix chiffres et commence par 2 à 8.',
    de: 'Eine Niederlassungsnummer hat zehn Ziffern und beginnt mit 2 bis 8.',
    en: 'An establishment number has ten digits and begins with 2 to 8.',
  },
  establishment_check: {
    nl: 'Dit vestigingsnummer klopt niet. Kijk elk cijfer na.',
    fr: 'Ce numéro d’unité d’établissement n’est pas juste. Vérifiez chaque chiffre.',
    de: 'Diese Niederlassungsnummer stimmt nicht. Prüfen Sie jede Ziffer.',
    en: 'This establishment number is not right. Check each digit.',
  },
  plate_length: {
    nl: 'Dit is geen nummerplaat. Typ letters en cijfers zoals 1-ABC-123.',
    fr: 'Ceci n’est pas une plaque. Tapez des lettres et chiffres comme 1-ABC-123.',
    de: 'Das ist kein Kennzeichen. Geben Sie Buchstaben und Ziffern ein wie 1-ABC-123.',
    en: 'This is no number plate. Type letters and digits like 1-ABC-123.',
  },
  phone_wrong: {
    nl: 'Dit telefoonnummer bestaat niet. Typ alle cijfers, zoals 0470 12 34 56.',
    fr: 'Ce numéro de téléphone n’existe pas. Tapez tous les chiffres, comme 0470 12 34 56.',
    de: 'Diese Telefonnummer gibt es nicht. Geben Sie alle Ziffern ein, wie 0470 12 34 56.',
    en: 'This phone number does not exist. Type all digits, like 0470 12 34 56.',
  },
  email_wrong: {
    nl: 'Dit is geen e-mailadres. Het heeft een @, zoals naam@voorbeeld.be.',
    fr: 'Ceci n’est pas une adresse e-mail. Elle a un @, comme nom@exemple.be.',
    de: 'Das ist keine E-Mail-Adresse. Sie hat ein @, wie name@beispiel.be.',
    en: 'This is no e-mail address. It has an @, like name@example.be.',
  },
  not_a_day: {
    nl: 'Die dag staat niet in de kalender. Kijk de datum na.',
    fr: 'Ce jour n’existe pas dans le calendrier. Vérifiez la date.',
    de: 'Dieser Tag steht nicht im Kalender. Prüfen Sie das Datum.',
    en: 'That day is not in the calendar. Check the date.',
  },
  too_early: {
    nl: 'Die dag is te vroeg. Kijk het jaar na, of kies een latere dag.',
    fr: 'Ce jour est trop tôt. Vérifiez l’année, ou choisissez un jour plus tard.',
    de: 'Dieser Tag ist zu früh. Prüfen Sie das Jahr, oder wählen Sie einen späteren Tag.',
    en: 'That day is too early. Check the year, or choose a later day.',
  },
  too_late: {
    nl: 'Die dag is te laat. Kijk het jaar na, of kies een vroegere dag.',
    fr: 'Ce jour est trop tard. Vérifiez l’année, ou choisissez un jour plus tôt.',
    de: 'Dieser Tag ist zu spät. Prüfen Sie das Jahr, oder wählen Sie einen früheren Tag.',
    en: 'That day is too late. Check the year, or choose an earlier day.',
  },
  not_a_number: {
    nl: 'Dit is geen getal. Typ alleen cijfers.',
    fr: 'Ceci n’est pas un nombre. Tapez seulement des chiffres.',
    de: 'Das ist keine Zahl. Geben Sie nur Ziffern ein.',
    en: 'This is no number. Type digits only.',
  },
  too_small: {
    nl: 'Dit getal is te klein. Kijk na wat hier gevraagd wordt.',
    fr: 'Ce nombre est trop petit. Vérifiez ce qui est demandé ici.',
    de: 'Diese Zahl ist zu klein. Prüfen Sie, was hier gefragt ist.',
    en: 'This number is too small. Check what is asked here.',
  },
  too_large: {
    nl: 'Dit getal is te groot. Kijk na wat hier gevraagd wordt.',
    fr: 'Ce nombre est trop grand. Vérifiez ce qui est demandé ici.',
    de: 'Diese Zahl ist zu groß. Prüfen Sie, was hier gefragt ist.',
    en: 'This number is too large. Check what is asked here.',
  },
  too_short: {
    nl: 'Dit antwoord is te kort. Schrijf iets meer.',
    fr: 'Cette réponse est trop courte. Écrivez un peu plus.',
    de: 'Diese Antwort ist zu kurz. Schreiben Sie etwas mehr.',
    en: 'This answer is too short. Write a little more.',
  },
  too_long: {
    nl: 'Dit antwoord is te lang. Schrijf het korter.',
    fr: 'Cette réponse est trop longue. Écrivez moins.',
    de: 'Diese Antwort ist zu lang. Schreiben Sie kürzer.',
    en: 'This answer is too long. Write less.',
  },
  address_street: {
    nl: 'De straat ontbreekt. Typ de naam van de straat.',
    fr: 'La rue manque. Tapez le nom de la rue.',
    de: 'Die Straße fehlt. Geben Sie den Namen der Straße ein.',
    en: 'The street is missing. Type the name of the street.',
  },
  address_number: {
    nl: 'Een adres heeft een straat en een nummer, zoals Vlasblomstraat 24.',
    fr: 'Une adresse a une rue et un numéro, comme Vlasblomstraat 24.',
    de: 'Eine Adresse hat eine Straße und eine Nummer, wie Vlasblomstraat 24.',
    en: 'An address has a street and a number, like Vlasblomstraat 24.',
  },
  address_town: {
    nl: 'Typ een postcode van vier cijfers, en de gemeente.',
    fr: 'Tapez un code postal de quatre chiffres, et la commune.',
    de: 'Geben Sie eine Postleitzahl mit vier Ziffern ein, und die Gemeinde.',
    en: 'Type a postal code of four digits, and the town.',
  },
  other_town: {
    nl: 'Die postcode ligt in een andere gemeente. Vraag dit aan de gemeente van dat adres.',
    fr: 'Ce code postal est d’une autre commune. Adressez-vous à la commune de cette adresse.',
    de: 'Diese Postleitzahl gehört zu einer anderen Gemeinde. Fragen Sie die Gemeinde dieser Adresse.',
    en: 'That postal code is in another town. Ask the town of that address.',
  },
};

/** Behind a place that has its point on the map. */
export const pointedAt: Text = {
  nl: 'Aangewezen op de plattegrond',
  fr: 'Indiqué sur le plan',
  de: 'Auf dem Plan gezeigt',
  en: 'Pointed out on the map',
};

export const yesText: Text = { nl: 'Ja', fr: 'Oui', de: 'Ja', en: 'Yes' };
export const noText: Text = { nl: 'Nee', fr: 'Non', de: 'Nein', en: 'No' };

export const toDesk: Text = {
  nl: 'Ik breng het mee naar de balie',
  fr: 'Je l’apporte au guichet',
  de: 'Ich bringe es zum Schalter mit',
  en: 'I bring it to the desk',
};

export const personalPlate: Text = {
  nl: 'Dit lijkt een gekozen nummerplaat. Kijk na of alles er staat.',
  fr: 'Ceci ressemble à une plaque personnelle. Vérifiez si tout y est.',
  de: 'Das sieht aus wie ein Wunschkennzeichen. Prüfen Sie, ob alles da steht.',
  en: 'This looks like a personal plate. Check that all of it is there.',
};

export const foreignPlate: Text = {
  nl: 'Dit lijkt geen Belgische nummerplaat. Dat mag: kijk ze nog eens na.',
  fr: 'Ceci ne ressemble pas à une plaque belge. C’est permis : vérifiez-la encore.',
  de: 'Das sieht nicht aus wie ein belgisches Kennzeichen. Das ist erlaubt: Prüfen Sie es noch einmal.',
  en: 'This does not look like a Belgian plate. That is allowed: check it once more.',
};

/** Where an answer was filled in from. */
export const sourceOf = (fact: Prefill): 'card' | 'profile' | 'register' | 'file' =>
  fact.split('.')[0] as 'card' | 'profile' | 'register' | 'file';
