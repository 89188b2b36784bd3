import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say } from '../i18n/words.tsx';
import { Switch } from './button.tsx';
import { CheckIcon } from './icons.ts';

/** One switch for each language that the town offers, named in that language. */
export function LanguageSwitches({ view }: { view: KioskView }) {
  return view.languages.map((language) => {
    const chosen = language === view.language;
    return (
      <Switch
        key={language}
        isSelected={chosen}
        onChange={() => ask('visit.language', { language })}
        {...(chosen && { before: CheckIcon })}
      >
        <span lang={language}>
          <Say id={`language.${language}`} />
        </span>
      </Switch>
    );
  });
}
