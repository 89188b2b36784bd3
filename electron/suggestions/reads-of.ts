import { FileItem, type ItemKind } from '../../contract/file.ts';
import type { SuggestionRule, When } from '../../contract/suggestion.ts';

/** What rules look at, whoever the person is: so that who is told of the look learns nothing of what held. */
type Read = 'birth_date' | 'address' | 'roles' | 'interests' | ItemKind;

const allKinds: readonly ItemKind[] = FileItem.options.map(({ shape }) => shape.kind.value);

export function readsOf(rules: readonly Pick<SuggestionRule, 'when'>[]): Read[] {
  return [...new Set(rules.flatMap(({ when }) => readsIn(when)))];
}

function readsIn(when: When): readonly Read[] {
  if ('age' in when) return ['birth_date'];
  if ('postalCode' in when || 'street' in when) return ['address'];
  if ('enterprise' in when || 'parent' in when) return ['roles'];
  if ('household' in when) return ['register_data'];
  if ('interest' in when) return ['interests'];
  if ('item' in when) return when.item.kind === undefined ? allKinds : [when.item.kind];
  if ('not' in when) return readsIn(when.not);
  return ('all' in when ? when.all : when.any).flatMap(readsIn);
}
