import { memo } from 'react';
import type { SuggestionsView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { LightbulbIcon } from '../ui/icons.ts';

type Shown = SuggestionsView['shown'][number];

export function saysSomething({ off, away, shown }: SuggestionsView): boolean {
  return off || away > 0 || shown.length > 0;
}

/** What may be worth knowing, with the reason why it is shown. Made on this terminal; put away, and taken back, with a press. */
export const Suggestions = memo(function Suggestions({ suggestions: { off, away, shown } }: { suggestions: SuggestionsView }) {
  const text = useText();
  if (!saysSomething({ off, away, shown })) return null;
  return (
    <section className="suggestions" aria-label={text('suggestions.label')}>
      {shown.map((one) => (
        <Suggestion key={one.id} one={one} />
      ))}
      {off ? <IsOff /> : <HowItStands away={away} some={shown.length > 0} />}
    </section>
  );
});

function Suggestion({ one: { id, title, because, text, product } }: { one: Shown }) {
  const say = useText();
  return (
    <div className="suggestion">
      <Icon of={LightbulbIcon} />
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
        <p className="src">{because}</p>
        <div className="suggestion__ways">
          {product !== null && (
            <Button size="small" onPress={() => ask('product.open', { product })} aria-label={say('file.lookAt', { what: title })}>
              <Say id="suggestions.look" />
            </Button>
          )}
          <Button
            size="small"
            onPress={() => ask('suggestions.put_away', { id })}
            aria-label={say('suggestions.putAwayWhat', { what: title })}
          >
            <Say id="suggestions.putAway" />
          </Button>
        </div>
      </div>
    </div>
  );
}

function IsOff() {
  return (
    <div className="suggestions__stand">
      <p>
        <Say id="suggestions.isOff" />
      </p>
      <Button size="small" onPress={() => ask('suggestions.switch', { off: false })}>
        <Say id="suggestions.on" />
      </Button>
    </div>
  );
}

function HowItStands({ away, some }: { away: number; some: boolean }) {
  return (
    <div className="suggestions__stand">
      <p>{away > 0 ? <Say id="suggestions.away" values={{ count: away }} /> : <Say id="suggestions.explained" />}</p>
      <div className="suggestion__ways">
        {away > 0 && (
          <Button size="small" onPress={() => ask('suggestions.switch', { off: false })}>
            <Say id="suggestions.back" />
          </Button>
        )}
        {some && (
          <Button size="small" onPress={() => ask('suggestions.switch', { off: true })}>
            <Say id="suggestions.off" />
          </Button>
        )}
      </div>
    </div>
  );
}
