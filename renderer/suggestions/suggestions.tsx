import type { SuggestionsView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { LightbulbIcon } from '../ui/icons.ts';

/** What may be worth knowing, with the reason why it is shown. Made on this terminal; put away with a press. */
export function Suggestions({ suggestions }: { suggestions: SuggestionsView }) {
  const text = useText();
  if (suggestions.shown.length === 0) return null;
  return (
    <section className="suggestions" aria-label={text('suggestions.label')}>
      {suggestions.shown.map(({ id, title, because, text: more, product }) => (
        <div key={id} className="suggestion">
          <Icon of={LightbulbIcon} />
          <div>
            <h2>{title}</h2>
            <p>{more}</p>
            <p className="src">{because}</p>
            <div className="suggestion__ways">
              {product !== null && (
                <Button size="small" onPress={() => ask('product.open', { product })}>
                  <Say id="suggestions.look" />
                </Button>
              )}
              <Button size="small" onPress={() => ask('suggestions.put_away', { id })}>
                <Say id="suggestions.putAway" />
              </Button>
            </div>
          </div>
        </div>
      ))}
      <Button size="small" onPress={() => ask('suggestions.switch', { off: true })}>
        <Say id="suggestions.off" />
      </Button>
    </section>
  );
}
