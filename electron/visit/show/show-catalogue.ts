import { type Product, type ProductText, readProductText, type Start } from '../../../contract/catalogue.ts';
import type { TerminalConfig } from '../../../contract/terminal-config.ts';
import { reaches } from '../../../contract/trust.ts';
import type { ProductRow, ProductState, ScreenView, SuggestionsView } from '../../../contract/view.ts';
import type { Catalogue } from '../../catalogue/load-catalogue.ts';
import { findElsewhere, livesIn } from '../../catalogue/residence.ts';
import { startOf } from '../../catalogue/start-of.ts';
import type { Form } from '../../forms/load-forms.ts';
import type { LineState } from '../../sync/sync.ts';
import type { KioskState, Visit } from '../state.ts';
import { findRefusal, insertionOf } from '../steps/card-facts.ts';
import { whyClosed } from '../steps/enter-form.ts';
import { trustOf } from '../steps/step-visit.ts';

type CatalogueScreen = Extract<ScreenView, { name: 'catalogue' }>;
type ProductScreen = Extract<ScreenView, { name: 'product' }>;
type Fact = ProductScreen['facts'][number]['fact'];

/** The visit in its surroundings, and the words of this town. */
export type CatalogueScene = {
  visit: Visit;
  state: KioskState;
  line: LineState['state'];
  config: TerminalConfig;
  forms: ReadonlyMap<string, Form>;
  catalogue: Catalogue;
};

export function showCatalogue(scene: CatalogueScene, suggestions: SuggestionsView): CatalogueScreen {
  const { products, often } = scene.catalogue;
  const known = new Map(products.map((product) => [product.id, product]));
  const forms = new Set(products.flatMap(({ form }) => (form === undefined ? [] : [form])));
  return {
    name: 'catalogue',
    products: often.flatMap((id) => {
      const product = known.get(id);
      return product ? [showRow(product, scene)] : [];
    }),
    states: Object.fromEntries([...forms].map((form) => [form, formState(scene.forms.get(form), scene)])),
    livesIn: livesIn(addressOf(scene), scene.catalogue, scene.config.municipality.code),
    portals: products.filter(({ portal }) => portal).map(({ id, name }) => ({ id, name: say(name, scene) })),
    suggestions,
  };
}

function showRow(product: Product, scene: CatalogueScene): ProductRow {
  const { id, name, description, icon = null, themes } = product;
  const start = startOf(product);
  const state = elsewhere(product, scene) ? 'elsewhere' : start.how === 'form' ? formState(scene.forms.get(start.form), scene) : start.how;
  return { id, name: say(name, scene), summary: say(description, scene), icon, theme: themes[0] ?? 'citizen_and_government', state };
}

/** Null for a product that is not offered any more: then the list is shown. */
export function showProduct(id: string, scene: CatalogueScene): ProductScreen | null {
  const product = scene.catalogue.products.find((candidate) => candidate.id === id);
  if (!product) return null;
  const lines = (text: ProductText | undefined) => (text ? say(text, scene).split('\n') : []);
  const all: [Fact, string[]][] = [
    ['conditions', lines(product.conditions)],
    ['costs', lines(product.costs)],
    ['procedures', lines(product.procedures)],
    ['advantages', lines(product.financialAdvantages)],
    ['by', product.executingAuthorities.map((by) => say(by, scene))],
    ['regulation', lines(product.regulation)],
  ];
  return {
    name: 'product',
    id,
    title: say(product.name, scene),
    theme: product.themes[0] ?? 'citizen_and_government',
    description: say(product.description, scene),
    facts: all.filter(([, said]) => said.length > 0).map(([fact, said]) => ({ fact, lines: said })),
    start: showStart(product, startOf(product), scene),
  };
}

function showStart(product: Product, start: Start, scene: CatalogueScene): ProductScreen['start'] {
  const away = elsewhere(product, scene);
  if (away) {
    const town = away.town ? say(away.town.name, scene) : away.name;
    return { how: 'elsewhere', town, url: away.websites[0]?.url ?? away.town?.website ?? null };
  }
  if (start.how === 'form') {
    const state = formState(scene.forms.get(start.form), scene);
    return { how: 'form', state, instead: closedStates.has(state) ? findInstead(product, scene) : null };
  }
  const own = scene.catalogue.towns.find(({ code }) => code === scene.config.municipality.code);
  const url = product.websites[0]?.url ?? own?.website;
  return url === undefined ? { how: 'desk' } : { how: 'phone', url, portal: product.portal };
}

const closedStates: ReadonlySet<ProductState> = new Set(['needs_line', 'needs_proven_card', 'cannot_sign', 'broken']);

/** Who cannot go on here can always have somebody expect them: a product that needs neither card nor line, and makes an appointment. */
function findInstead({ id }: Product, scene: CatalogueScene) {
  const found = scene.catalogue.products.find((product) => {
    const start = startOf(product);
    const form = start.how === 'form' ? scene.forms.get(start.form) : undefined;
    return (
      product.id !== id && form?.trust === 'anonymous' && form.answersItem.includes('appointment') && formState(form, scene) === 'open'
    );
  });
  return found ? { product: found.id, name: say(found.name, scene) } : null;
}

function elsewhere(product: Product, scene: CatalogueScene) {
  return findElsewhere(product, addressOf(scene), scene.catalogue, scene.config.municipality.code);
}

/** Of whom it is for: where somebody lives for whom another acts is not on the card. */
function addressOf({ visit }: CatalogueScene) {
  return visit.acting ? null : (visit.card?.address ?? null);
}

function say(text: ProductText, { state, config }: CatalogueScene): string {
  return readProductText(text, state.language, config.municipality.address);
}

function formState(form: Form | undefined, { visit, state: { reader, language }, line }: CatalogueScene): ProductState {
  // Half in another language it would be no form that anybody can trust.
  if (!form?.languages.has(language)) return 'broken';
  const closed = whyClosed(form, visit, line);
  if (closed) return closed;
  // A document is signed at the end, with whatever trust the person stood on; all else is needed at the beginning.
  if (reaches(trustOf(visit), form.trust) || (form.signs && visit.card)) return 'open';
  if (form.trust === 'authenticated' && visit.card) return 'needs_pin';
  return findRefusal(reader) !== null && insertionOf(reader) !== null ? 'needs_proven_card' : 'needs_card';
}
