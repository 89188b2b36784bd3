import type { ReactNode } from 'react';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { losesAnswers } from '../state/loses-answers.ts';
import { Button } from './button.tsx';
import { GlobeIcon, HandPalmIcon, QuestionIcon, TextAaIcon } from './icons.ts';
import { names } from './names.ts';

/** The feet: the next step and the way back, then help, stop, language and display. Always in the same place. */
export function Feet({ view, split, children }: { view: KioskView; split?: 'even' | 'wide'; children?: ReactNode }) {
  return (
    <>
      {children && <div className={names('feet__go', split && `feet__go--${split}`)}>{children}</div>}
      <Tools view={view} stops />
    </>
  );
}

/** `stops`: there is a visit to stop. */
export function Tools({ view, stops = false }: { view: KioskView; stops?: boolean }) {
  const open = useKiosk((state) => state.open);
  const typed = useKiosk((state) => state.typed);
  const text = useText();
  const stop = () => (losesAnswers(view, typed) ? open('stop') : ask('visit.stop', { why: 'stopped' }));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of four buttons is no fieldset
    <div className="feet__tools" role="group" aria-label={text('tools.label')}>
      <Button before={QuestionIcon} onPress={() => open('help')}>
        <Say id="button.help" />
      </Button>
      {stops && (
        <Button before={HandPalmIcon} onPress={stop}>
          <Say id="button.stop" />
        </Button>
      )}
      {view.languages.length > 1 && (
        <Button
          before={GlobeIcon}
          onPress={() => open('language')}
          aria-label={text('button.languageNow', { language: text(`language.${view.language}`) })}
        >
          <Say id={`language.${view.language}`} />
        </Button>
      )}
      <Button before={TextAaIcon} onPress={() => open('display')}>
        <Say id="button.display" />
      </Button>
    </div>
  );
}
