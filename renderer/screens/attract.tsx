import { unreachable } from '../../contract/result.ts';
import type { DisplaySettings, KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button, Switch } from '../ui/button.tsx';
import { CardPicture } from '../ui/card-picture.tsx';
import { ArrowRightIcon, CircleHalfIcon, QuestionIcon, TextAaIcon } from '../ui/icons.ts';
import { LanguageSwitches } from '../ui/language-switches.tsx';
import { Page } from '../ui/page.tsx';
import { StaffTown } from '../ui/staff-town.tsx';
import { Title } from '../ui/title.tsx';

type AttractView = Extract<ScreenView, { name: 'attract' }>;

/** The invitation, to be read across the hall. */
export function AttractScreen({ view, screen }: { view: KioskView; screen: AttractView }) {
  const works = screen.reader === 'ready' || screen.reader === 'left_in';
  return (
    <Page className="attract" who={<StaffTown town={view.town}>{view.kiosk}</StaffTown>} feet={<AttractFeet view={view} />}>
      <Reader reader={screen.reader} />
      <div className="why">
        <p>
          <Say id={works ? 'attract.why' : 'attract.noReader.why'} />
        </p>
        {works && (
          <p>
            <Say id="attract.instead" />
          </p>
        )}
      </div>
      <Button size="big" kind={works ? 'plain' : 'go'} spread after={ArrowRightIcon} onPress={() => ask('visit.begin', {})}>
        <Say id="attract.begin" />
      </Button>
      <Languages view={view} />
      <Reading display={view.display} />
    </Page>
  );
}

function Reader({ reader }: { reader: AttractView['reader'] }) {
  switch (reader) {
    case 'ready':
      return <Invitation />;
    case 'left_in':
      return <LeftIn />;
    case 'no_reader':
    case 'needs_attention':
      return <NoReader reader={reader} />;
    default:
      return unreachable(reader);
  }
}

function Invitation() {
  const text = useText();
  return (
    <>
      <Title size="wall">
        <Say id="attract.title" />
      </Title>
      <p className="lead">
        <Say id="attract.lead" />
      </p>
      <CardPicture shows="in" label={text('attract.picture')} />
    </>
  );
}

/** The card of somebody who has gone is read for nobody. */
function LeftIn() {
  const text = useText();
  return (
    <>
      <Title size="wall">
        <Say id="attract.leftIn.title" />
      </Title>
      <p className="lead">
        <Say id="attract.leftIn.lead" />
      </p>
      <CardPicture shows="out" label={text('goodbye.picture')} />
    </>
  );
}

type BadReader = Extract<AttractView['reader'], 'no_reader' | 'needs_attention'>;

export const noReaderLead: Record<BadReader, MessageId> = {
  no_reader: 'attract.noReader.lead',
  needs_attention: 'attract.attention.lead',
};

function NoReader({ reader }: { reader: BadReader }) {
  const text = useText();
  return (
    <>
      <Title size="wall">
        <Say id="attract.noReader.title" />
      </Title>
      <p className="lead">
        <Say id={noReaderLead[reader]} />
      </p>
      <CardPicture shows="off" label={text('attract.noReader.picture')} />
    </>
  );
}

function Languages({ view }: { view: KioskView }) {
  if (view.languages.length < 2) return null;
  return (
    <section className="settings" aria-labelledby="languages">
      <h2 id="languages">
        <Say id="attract.languages" />
      </h2>
      <div className="settings__row">
        <LanguageSwitches view={view} />
      </div>
    </section>
  );
}

function Reading({ display }: { display: DisplaySettings }) {
  const largest = display.text === 4;
  return (
    <section className="settings" aria-labelledby="reading">
      <h2 id="reading">
        <Say id="attract.reading" />
      </h2>
      <div className="settings__row">
        <Button before={TextAaIcon} onPress={() => ask('visit.display', { display: { ...display, text: nextText(display.text) } })}>
          <Say id={largest ? 'attract.smaller' : 'attract.larger'} />
        </Button>
        <Switch
          before={CircleHalfIcon}
          isSelected={display.theme === 'contrast'}
          onChange={(contrast) => ask('visit.display', { display: { ...display, theme: contrast ? 'contrast' : 'default' } })}
        >
          <Say id="attract.contrast" />
        </Switch>
      </div>
    </section>
  );
}

function nextText(text: DisplaySettings['text']): DisplaySettings['text'] {
  const next = { 1: 2, 2: 3, 3: 4, 4: 1 } as const;
  return next[text];
}

function AttractFeet({ view }: { view: KioskView }) {
  const open = useKiosk((state) => state.open);
  return (
    <div className="feet__split">
      <p>
        <Say id="attract.help" values={{ desk: view.desk }} />
      </p>
      <Button before={QuestionIcon} onPress={() => open('help')}>
        <Say id="button.help" />
      </Button>
    </div>
  );
}
