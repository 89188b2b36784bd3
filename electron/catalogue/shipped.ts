import concepts from './data/concepts.json' with { type: 'json' };
import events from './data/events.json' with { type: 'json' };
import wervik from './data/instances/33029.json' with { type: 'json' };
import anzegem from './data/instances/34002.json' with { type: 'json' };
import avelgem from './data/instances/34003.json' with { type: 'json' };
import deerlijk from './data/instances/34009.json' with { type: 'json' };
import harelbeke from './data/instances/34013.json' with { type: 'json' };
import kortrijk from './data/instances/34022.json' with { type: 'json' };
import kuurne from './data/instances/34023.json' with { type: 'json' };
import lendelede from './data/instances/34025.json' with { type: 'json' };
import menen from './data/instances/34027.json' with { type: 'json' };
import waregem from './data/instances/34040.json' with { type: 'json' };
import wevelgem from './data/instances/34041.json' with { type: 'json' };
import zwevegem from './data/instances/34042.json' with { type: 'json' };
import spiereHelkijn from './data/instances/34043.json' with { type: 'json' };
import municipalities from './data/municipalities.json' with { type: 'json' };
import suggestions from './data/suggestions.json' with { type: 'json' };
import german from './data/synonyms/de.json' with { type: 'json' };
import english from './data/synonyms/en.json' with { type: 'json' };
import french from './data/synonyms/fr.json' with { type: 'json' };
import dutch from './data/synonyms/nl.json' with { type: 'json' };

const towns = [
  wervik,
  anzegem,
  avelgem,
  deerlijk,
  harelbeke,
  kortrijk,
  kuurne,
  lendelede,
  menen,
  waregem,
  wevelgem,
  zwevegem,
  spiereHelkijn,
];

/** The catalogue as the app is shipped: the files of a bundle, by their names there. */
export const shippedCatalogue: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['catalogue/concepts.json', concepts],
  ['catalogue/suggestions.json', suggestions],
  ['catalogue/events.json', events],
  ['catalogue/municipalities.json', municipalities],
  ...towns.map((town): [string, unknown] => [`catalogue/instances/${town.municipality}.json`, town]),
  ['catalogue/synonyms/nl.json', dutch],
  ['catalogue/synonyms/fr.json', french],
  ['catalogue/synonyms/de.json', german],
  ['catalogue/synonyms/en.json', english],
]);
