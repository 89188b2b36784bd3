import { type AddressForm, readProductText } from '../../../contract/catalogue.ts';
import { inLanguage, type Language } from '../../../contract/language.ts';
import type { SuggestionsView } from '../../../contract/view.ts';
import type { Catalogue } from '../../catalogue/load-catalogue.ts';
import { suggest } from '../../suggestions/suggest.ts';
import type { Visit } from '../state.ts';

/** As many as somebody reads. */
const most = 2;

/** What the terminal's own rules make of what this visit knows; nothing in somebody else's name, and nothing that was switched off. */
export function showSuggestions(
  { suggestions: { off, away }, card, roles, acting, file }: Visit,
  { catalogue, language, address, today }: { catalogue: Catalogue; language: Language; address: AddressForm; today: string },
): SuggestionsView {
  if (off || acting) return { off, shown: [] };
  const items = [...(file?.sources.values() ?? [])].flatMap((source) => source.items);
  const known = { birthDate: card?.identity.birthDate ?? null, address: card?.address ?? null, roles: roles ?? [], items, today };
  const products = new Map(catalogue.products.map((product) => [product.id, product]));
  const shown = suggest(catalogue.suggestions, known)
    .filter(({ id }) => !away.includes(id))
    .flatMap(({ id, about, because }): SuggestionsView['shown'] => {
      const why = inLanguage(because, language);
      if ('notice' in about) {
        const { title, text } = about.notice;
        return [{ id, title: inLanguage(title, language), text: inLanguage(text, language), because: why, product: null }];
      }
      const product = products.get(about.product);
      if (!product) return [];
      const title = readProductText(product.name, language, address);
      return [{ id, title, text: readProductText(product.description, language, address), because: why, product: product.id }];
    });
  return { off, shown: shown.slice(0, most) };
}
