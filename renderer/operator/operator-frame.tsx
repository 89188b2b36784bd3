import type { ReactNode } from 'react';
import type { OperatorView } from '../../contract/operator.ts';
import type { DisplaySettings } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button, Switch } from '../ui/button.tsx';
import { CircleHalfIcon, GlobeIcon, HourglassMediumIcon, MapPinIcon, TextAaIcon, WrenchIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { WhoBand } from '../ui/who-band.tsx';
import { askOperator } from './ask-operator.ts';
import { OperatorSay } from './operator-say.tsx';
import { Seconds } from './seconds.tsx';

type FrameProps = { view: OperatorView; reading?: boolean; below?: ReactNode; feet: ReactNode; children: ReactNode };

/** The four places of every page, with what all of the operator's pages share. */
export function OperatorFrame({ view, reading = false, below, feet, children }: FrameProps) {
  return (
    <Page
      className="op"
      {...(reading && { reading })}
      who={<WhoBand icon={WrenchIcon} name={<OperatorSay id="op.band" />} trustIcon={MapPinIcon} trust={view.kiosk} />}
      below={
        <>
          {view.closesInSeconds !== null && <Closing seconds={view.closesInSeconds} />}
          {below}
        </>
      }
      feet={
        <>
          {feet}
          <Tools view={view} />
        </>
      }
    >
      {children}
    </Page>
  );
}

/** Said once; only the eye follows the seconds. */
function Closing({ seconds }: { seconds: number }) {
  return (
    <div className="op__closing">
      <Care icon={HourglassMediumIcon} urgent>
        <OperatorSay id="op.closing" /> <Seconds seconds={seconds} />
      </Care>
    </div>
  );
}

function Tools({ view }: { view: OperatorView }) {
  const text = useText();
  const { display } = view;
  const largest = display.text === 4;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toolbar of buttons is no fieldset
    <div className="feet__tools" role="group" aria-label={text('tools.label')}>
      {view.languages
        .filter((language) => language !== view.language)
        .map((language) => (
          <Button key={language} before={GlobeIcon} onPress={() => askOperator('operator.language', { language })}>
            <span lang={language}>
              <Say id={`language.${language}`} />
            </span>
          </Button>
        ))}
      <Button
        before={TextAaIcon}
        onPress={() => askOperator('operator.display', { display: { ...display, text: nextText(display.text) } })}
      >
        <Say id={largest ? 'attract.smaller' : 'attract.larger'} />
      </Button>
      <Switch
        before={CircleHalfIcon}
        isSelected={display.theme === 'contrast'}
        onChange={(contrast) => askOperator('operator.display', { display: { ...display, theme: contrast ? 'contrast' : 'default' } })}
      >
        <Say id="attract.contrast" />
      </Switch>
    </div>
  );
}

function nextText(text: DisplaySettings['text']): DisplaySettings['text'] {
  const next = { 1: 2, 2: 3, 3: 4, 4: 1 } as const;
  return next[text];
}
