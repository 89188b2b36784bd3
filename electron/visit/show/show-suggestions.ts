import { type AddressForm, type ProductText, readProductText } from '../../../contract/catalogue.ts';
import type { Theme } from '../../../contract/file.ts';
import type { Language } from '../../../contract/language.ts';
import type { SuggestionsView } from '../../../contract/view.ts';
import type { Catalogue } from '../../catalogue/load-catalogue.ts';
import { findKnown } from '../../profile/seen-profile.ts';
import { suggest } from '../../suggestions/suggest.ts';
import type { Visit } from '../state.ts';
import { mayLookAtFile } from '../steps/see-suggestions.ts';

/** Null: no profile was read in this visit. */
function interestsOf({ profile }: Visit): readonly Theme[] | null {
  const set = profile && findKnown(profile, 'interests')?.set;
  return set?.field === 'interests' ? set.value : null;
}

/** As many as somebody reads. */
const most = 2;

/**
 * What the terminal's own rules make of what this visit knows: of the file only what it is written down that they look at;
 * nothing in somebody else's name, and nothing that was switched off.
 */
export function showSuggestions(
  visit: Visit,
  { catalogue, language, address, today }: { catalogue: Catalogue; language: Language; address: AddressForm; today: string },
): SuggestionsView {
  const { suggestions, card, roles, acting, file } = visit;
  const { off, away } = suggestions;
  if (off || acting) return { off, away: away.length, shown: [] };
  const noted = mayLookAtFile(visit);
  const items = noted ? [...(file?.sources.values() ?? [])].flatMap((source) => source.items) : null;
  const ofCard = { birthDate: card?.identity.birthDate ?? null, address: card?.address ?? null };
  const known = { ...ofCard, roles: noted ? roles : null, items, interests: noted ? interestsOf(visit) : null, today };
  const products = new Map(catalogue.products.map((product) => [product.id, product]));
  const shown = suggest(catalogue.suggestions, known)
    .filter(({ id }) => !away.includes(id))
    .flatMap(({ id, about, because }): SuggestionsView['shown'] => {
      const say = (words: ProductText) => readProductText(words, language, address);
      const why = say(because);
      if ('notice' in about) {
        const { title, text } = about.notice;
        return [{ id, title: say(title), text: say(text), because: why, product: null }];
      }
      const product = products.get(about.product);
      if (!product) return [];
      return [{ id, title: say(product.name), text: say(product.description), because: why, product: product.id }];
    });
  return { off, away: away.length, shown: shown.slice(0, most) };
}
