import { belgianDayOf } from '../../contract/belgian-day.ts';
import type { SourceText, Subject, Theme } from '../../contract/file.ts';
import type { ProfileEntry, ProfileValue } from '../../contract/profile.ts';
import type { Queries } from '../store/database.ts';
import { purposes } from './purposes.ts';
import { readEntries } from './read-profile.ts';

const four = (nl: string, fr: string, de: string, en: string): SourceText => ({ nl, fr, de, en });

export const profileSource = {
  id: 'profile',
  name: four(
    'Uw contact en voorkeuren',
    'Vos coordonnées et préférences',
    'Ihre Kontaktdaten und Wünsche',
    'Your contact details and choices',
  ),
  owner: 'region',
  theme: 'citizen_and_government',
} as const;

/** The source `profile`: what a person told about themself, as facts of their file. */
export async function readProfileItems(queries: Queries, subject: Subject): Promise<Record<string, unknown>[]> {
  if (subject.kind !== 'person') return [];
  const entries = await readEntries(queries, subject.ssin);
  return entries.map((entry) => describe(entry, subject)).filter((item) => item !== null);
}

function describe({ set, changedAt }: ProfileEntry, subject: Subject): Record<string, unknown> | null {
  const said = describeValue(set);
  if (said === null) return null;
  const id = set.field === 'consent' ? `consent-${set.purpose}` : set.field;
  return { id, kind: 'register_data', subject, theme: profileSource.theme, on: belgianDayOf(new Date(changedAt)), ...said };
}

function describeValue(set: ProfileValue): { title: SourceText; value: SourceText } | null {
  if (set.value === null) return null;
  switch (set.field) {
    case 'email':
      return { title: four('E-mailadres', 'Adresse e-mail', 'E-Mail-Adresse', 'E-mail address'), value: same(set.value) };
    case 'phone':
      return { title: four('Telefoon', 'Téléphone', 'Telefon', 'Phone'), value: same(set.value) };
    case 'post':
      return {
        title: four('Post van de gemeente', 'Courrier de la commune', 'Post der Gemeinde', 'Post from the town'),
        value: set.value === 'ebox' ? same('My e-Box') : four('Op papier', 'Sur papier', 'Auf Papier', 'On paper'),
      };
    case 'interests': {
      const words = set.value.map((theme) => themeWords[theme]);
      if (words.length === 0) return null;
      return { title: four('Interesses', 'Centres d’intérêt', 'Interessen', 'Interests'), value: list(words) };
    }
    case 'consent': {
      const purpose = purposes.find(({ id }) => id === set.purpose);
      return purpose ? { title: purpose.title, value: four('U zei ja', 'Vous avez dit oui', 'Sie haben Ja gesagt', 'You said yes') } : null;
    }
  }
}

function same(text: string): SourceText {
  return four(text, text, text, text);
}

function list(words: readonly (readonly [string, string, string, string])[]): SourceText {
  const at = (place: 0 | 1 | 2 | 3) => words.map((each) => each[place]).join(', ');
  return four(at(0), at(1), at(2), at(3));
}

const themeWords: Record<Theme, readonly [string, string, string, string]> = {
  citizen_and_government: ['burger en overheid', 'citoyen et administration', 'Bürger und Verwaltung', 'citizen and government'],
  building_and_living: ['bouwen en wonen', 'construire et habiter', 'Bauen und Wohnen', 'building and living'],
  culture_sport_and_leisure: [
    'cultuur, sport en vrije tijd',
    'culture, sport et loisirs',
    'Kultur, Sport und Freizeit',
    'culture, sport and leisure',
  ],
  economy_and_work: ['economie en werk', 'économie et emploi', 'Wirtschaft und Arbeit', 'economy and work'],
  environment_and_energy: ['milieu en energie', 'environnement et énergie', 'Umwelt und Energie', 'environment and energy'],
  mobility_and_public_works: [
    'mobiliteit en openbare werken',
    'mobilité et travaux publics',
    'Verkehr und Bauarbeiten',
    'mobility and public works',
  ],
  education_and_science: ['onderwijs en wetenschap', 'enseignement et science', 'Bildung und Wissenschaft', 'education and science'],
  welfare_health_and_family: [
    'welzijn, gezondheid en gezin',
    'bien-être, santé et famille',
    'Soziales, Gesundheit und Familie',
    'welfare, health and family',
  ],
};
