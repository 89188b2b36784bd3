import type { CardFact } from '../../contract/form.ts';
import type { Text } from '../../contract/language.ts';

/** The words of a signed document that are no form's own. */
export const factLabels: Record<CardFact, Text> = {
  name: { nl: 'Naam', fr: 'Nom' },
  birth: { nl: 'Geboren', fr: 'Né(e) le' },
  nationality: { nl: 'Nationaliteit', fr: 'Nationalité' },
  address: { nl: 'Officieel adres', fr: 'Adresse officielle' },
  nationalNumber: { nl: 'Rijksregisternummer', fr: 'Numéro national' },
};

export const photographed: Record<'one' | 'more', Text> = {
  one: { nl: '1 foto', fr: '1 photo' },
  more: { nl: '{count} foto’s', fr: '{count} photos' },
};

export const statement: Text = {
  nl: 'Ik heb dit gelezen. Het is wat ik bedoel, en ik teken het met mijn identiteitskaart.',
  fr: 'J’ai lu ce document. Il dit ce que je veux dire, et je le signe avec ma carte d’identité.',
};
