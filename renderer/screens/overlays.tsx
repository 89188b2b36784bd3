import { Label, Radio, RadioGroup } from 'react-aria-components';
import { unreachable } from '../../contract/result.ts';
import type { DisplaySettings, KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say } from '../i18n/words.tsx';
import { type Overlay, useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import {
  ArrowLeftIcon,
  EyeSlashIcon,
  IdentificationCardIcon,
  MapPinIcon,
  ShieldCheckIcon,
  SpeakerHighIcon,
  TrashIcon,
  UserFocusIcon,
} from '../ui/icons.ts';
import { LanguageSwitches } from '../ui/language-switches.tsx';
import { Sign, Signs } from '../ui/mark.tsx';
import { playTone } from '../ui/tone.ts';

/** What may lie over a page. One at a time. */
export function Overlays({ view }: { view: KioskView }) {
  const overlay = useKiosk((state) => state.overlay);
  return overlay && <Shown overlay={overlay} view={view} />;
}

function Shown({ overlay, view }: { overlay: Overlay; view: KioskView }) {
  switch (overlay) {
    case 'help':
      return <Help view={view} />;
    case 'stop':
      return <Stop screen={view.screen} />;
    case 'not_me':
      return <NotMe />;
    case 'language':
      return <LanguageChoice view={view} />;
    case 'display':
      return <Display display={view.display} />;
    default:
      return unreachable(overlay);
  }
}

function Close() {
  const open = useKiosk((state) => state.open);
  return (
    <Button size="big" kind="go" before={ArrowLeftIcon} onPress={() => open(null)}>
      <Say id="button.closeDialog" />
    </Button>
  );
}

function Help({ view }: { view: KioskView }) {
  return (
    <Dialog title={<Say id="help.title" />} feet={<Close />}>
      <Signs stacked>
        <Sign icon={UserFocusIcon}>
          <Say id="help.desk" values={{ desk: view.desk }} />
        </Sign>
        <Sign icon={MapPinIcon}>
          <Say id="help.kiosk" values={{ kiosk: view.kiosk }} />
        </Sign>
        <Sign icon={EyeSlashIcon}>
          <Say id="help.covered" />
        </Sign>
        <Sign icon={IdentificationCardIcon}>
          <Say id="help.card" />
        </Sign>
      </Signs>
    </Dialog>
  );
}

/** What somebody who does not stop goes on with, where that is not filling in. */
function wayBack(screen: ScreenView): MessageId {
  if (screen.name !== 'sign_in' && screen.name !== 'sign') return 'stop.no.form';
  if (screen.stage === 'pinpad' || screen.stage === 'dialog') return `stop.no.${screen.stage}`;
  return screen.name === 'sign' ? 'stop.no.sign' : 'stop.no.signIn';
}

function Stop({ screen }: { screen: ScreenView }) {
  const nothingLost = screen.name === 'sign_in' && !screen.filledIn;
  const open = useKiosk((state) => state.open);
  return (
    <Dialog
      title={<Say id="stop.title" />}
      feet={
        <>
          <Button size="big" before={TrashIcon} onPress={() => ask('visit.stop', { why: 'stopped' })}>
            <Say id="stop.yes" />
          </Button>
          <Button size="big" kind="go" before={ArrowLeftIcon} onPress={() => open(null)}>
            <Say id={wayBack(screen)} />
          </Button>
        </>
      }
    >
      <Signs stacked>
        {!nothingLost && (
          <Sign icon={TrashIcon}>
            <Say id="stop.lost" />
          </Sign>
        )}
        <Sign icon={ShieldCheckIcon}>
          <Say id="stop.safe" />
        </Sign>
      </Signs>
    </Dialog>
  );
}

function NotMe() {
  const open = useKiosk((state) => state.open);
  return (
    <Dialog
      title={<Say id="notMe.title" />}
      feet={
        <>
          <Button size="big" before={TrashIcon} onPress={() => ask('visit.stop', { why: 'not_me' })}>
            <Say id="notMe.yes" />
          </Button>
          <Button size="big" before={ArrowLeftIcon} onPress={() => open(null)}>
            <Say id="notMe.no" />
          </Button>
        </>
      }
    >
      <Signs stacked>
        <Sign icon={TrashIcon}>
          <Say id="notMe.lost" />
        </Sign>
        <Sign icon={ShieldCheckIcon}>
          <Say id="notMe.safe" />
        </Sign>
      </Signs>
    </Dialog>
  );
}

function LanguageChoice({ view }: { view: KioskView }) {
  return (
    <Dialog title={<Say id="languages.title" />} feet={<Close />}>
      <div className="choices">
        <LanguageSwitches view={view} />
      </div>
      <p className="dialog__note">
        <Say id="languages.hint" />
      </p>
    </Dialog>
  );
}

const textSizes = [1, 2, 3, 4] as const;
const themes = ['default', 'contrast'] as const;

function Display({ display }: { display: DisplaySettings }) {
  const change = (part: Partial<DisplaySettings>) => ask('visit.display', { display: { ...display, ...part } });
  return (
    <Dialog title={<Say id="display.title" />} feet={<Close />}>
      <RadioGroup
        className="field"
        value={String(display.text)}
        onChange={(chosen) => change({ text: textSizes.find((size) => String(size) === chosen) ?? display.text })}
      >
        <Label className="field__name">
          <Say id="display.text" />
        </Label>
        <div className="choices choices--pairs">
          {textSizes.map((size) => (
            <Radio key={size} value={String(size)} className="choice">
              <i className="choice__mark" aria-hidden={true} />
              <span>
                <Say id={`display.text.${size}`} />
              </span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <RadioGroup
        className="field"
        value={display.theme}
        onChange={(chosen) => change({ theme: themes.find((theme) => theme === chosen) ?? display.theme })}
      >
        <Label className="field__name">
          <Say id="display.theme" />
        </Label>
        <div className="choices choices--pairs">
          {themes.map((theme) => (
            <Radio key={theme} value={theme} className="choice">
              <i className="choice__mark" aria-hidden={true} />
              <span>
                <Say id={`display.theme.${theme}`} />
              </span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <div className="field">
        <h3 className="field__name">
          <Say id="display.sound" />
        </h3>
        <p className="dialog__note">
          <Say id="display.soundSay" />
        </p>
        <Button before={SpeakerHighIcon} onPress={() => playTone('attention')}>
          <Say id="display.tryTone" />
        </Button>
      </div>
      <p className="dialog__note">
        <Say id="display.forget" />
      </p>
    </Dialog>
  );
}
