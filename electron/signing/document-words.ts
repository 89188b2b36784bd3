import type { CardFact } from '../../contract/form.ts';
import type { Text } from '../../contract/language.ts';

/** The words of a signed document that are no form's own. */
export const factLabels: Record<CardFact, Text> = {
  name: { nl: 'Naam', fr: 'Nom', de: 'Name', en: 'Name' },
  birth: { nl: 'Geboren', fr: 'Né(e) le', de: 'Geboren', en: 'Born' },
  nationality: { nl: 'Nationaliteit', fr: 'Nationalité', de: 'Staatsangehörigkeit', en: 'Nationality' },
  address: { nl: 'Officieel adres', fr: 'Adresse officielle', de: 'Offizielle Adresse', en: 'Official address' },
  nationalNumber: { nl: 'Rijksregisternummer', fr: 'Numéro national', de: 'Nationalregisternummer', en: 'National number' },
};

export const photographed: Record<'one' | 'more', Text> = {
  one: { nl: '1 foto', fr: '1 photo', de: '1 Foto', en: '1 photo' },
  more: { nl: '{count} foto’s', fr: '{count} photos', de: '{count} Fotos', en: '{count} photos' },
};

export const statement: Text = {
  nl: 'Ik heb dit gelezen. Het is wat ik bedoel, en ik teken het met mijn identiteitskaart.',
  fr: 'J’ai lu ce document. Il dit ce que je veux dire, et je le signe avec ma carte d’identité.',
  de: 'Ich habe das gelesen. Es ist, was ich meine, und ich unterschreibe es mit meinem Personalausweis.',
  en: 'I have read this. It is what I mean, and I sign it with my identity card.',
};
