import type { CoverView, KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { hasTyped } from '../state/loses-answers.ts';
import { Button } from '../ui/button.tsx';
import { CardPicture } from '../ui/card-picture.tsx';
import { Countdown } from '../ui/countdown.tsx';
import {
  ArrowRightIcon,
  BellRingingIcon,
  EyeSlashIcon,
  HandPalmIcon,
  HourglassMediumIcon,
  IdentificationCardIcon,
  LockKeyIcon,
  UserFocusIcon,
  UserSwitchIcon,
  WarningCircleIcon,
} from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { WhoBand } from '../ui/who-band.tsx';
import { noReaderLead } from './attract.tsx';

/** Covers are drawn instead of the page: what is beneath is not in the document, so nobody reads or reaches it. */
export function CoverScreen({ view, cover }: { view: KioskView; cover: CoverView }) {
  switch (cover.kind) {
    case 'card_out':
      return <CardOut view={view} cover={cover} />;
    case 'looking':
      return <Looking filledIn={cover.filledIn} />;
    case 'reader_gone':
      return <ReaderGone view={view} cover={cover} />;
    case 'idle':
      return <Idle view={view} cover={cover} />;
  }
}

function Covered() {
  return <WhoBand icon={EyeSlashIcon} name={<Say id="who.covered" />} trustIcon={LockKeyIcon} trust={<Say id="who.covered.trust" />} />;
}

function CloseVisit() {
  return (
    <Button size="big" spread after={HandPalmIcon} onPress={() => ask('visit.stop', { why: 'stopped' })}>
      <Say id="cardOut.close" />
    </Button>
  );
}

function CardOut({ view, cover }: { view: KioskView; cover: Extract<CoverView, { kind: 'card_out' }> }) {
  const text = useText();
  return (
    <Page covered who={<Covered />} feet={<CloseVisit />}>
      <Title size="wall">
        <Say id="cardOut.title" />
      </Title>
      <p className="lead">
        <Say id="cardOut.lead" />
      </p>
      {cover.otherCard && (
        <Care icon={WarningCircleIcon} urgent>
          <Say id="cardOut.otherCard" />
        </Care>
      )}
      <CardPicture shows="above" label={text('cardOut.picture')} />
      <div className="why">
        <Countdown secondsLeft={cover.secondsLeft} seconds={cover.seconds} language={view.language} beside>
          <p>
            <Say id="cardOut.then" />
          </p>
        </Countdown>
      </div>
      <Signs>
        <Sign icon={BellRingingIcon}>
          <Say id="cardOut.tone" />
        </Sign>
        <Sign icon={UserSwitchIcon}>
          <Say id="cardOut.other" />
        </Sign>
      </Signs>
    </Page>
  );
}

/** Says nothing of where the card is, because nobody knows it yet; and counts nothing down. */
function Looking({ filledIn }: { filledIn: boolean }) {
  const text = useText();
  return (
    <Page covered who={<Covered />} feet={<CloseVisit />}>
      <Title size="wall">
        <Say id="looking.title" />
      </Title>
      <p className="lead">
        <Say id="looking.lead" />
      </p>
      <CardPicture shows="still" label={text('reading.picture')} />
      <Waiting label={text('looking.title')} />
      <Signs>
        <Sign icon={EyeSlashIcon}>
          <Say id="looking.covered" /> <AnswersKept filledIn={filledIn} />
        </Sign>
      </Signs>
    </Page>
  );
}

/** Not said to somebody who filled in nothing yet. */
function AnswersKept({ filledIn }: { filledIn: boolean }) {
  const typed = useKiosk((state) => state.typed);
  return (filledIn || hasTyped(typed)) && <Say id="answers.kept" />;
}

/** Nobody took the card: the reader is what is missing, so nobody is told to put a card back. */
function ReaderGone({ view, cover }: { view: KioskView; cover: Extract<CoverView, { kind: 'reader_gone' }> }) {
  const text = useText();
  return (
    <Page covered who={<Covered />} feet={<CloseVisit />}>
      <Title size="wall">
        <Say id="attract.noReader.title" />
      </Title>
      <p className="lead">
        <Say id={noReaderLead[cover.reason]} /> <AnswersKept filledIn={cover.filledIn} />
      </p>
      <CardPicture shows="off" label={text('attract.noReader.picture')} />
      <div className="why">
        <Countdown secondsLeft={cover.secondsLeft} seconds={cover.seconds} language={view.language} beside>
          <p>
            <Say id="cardOut.then" />
          </p>
        </Countdown>
      </div>
      <Signs>
        <Sign icon={UserFocusIcon}>
          <Say id="readerGone.help" values={{ desk: view.desk }} />
        </Sign>
        <Sign icon={IdentificationCardIcon}>
          <Say id="readerGone.back" />
        </Sign>
      </Signs>
    </Page>
  );
}

function Idle({ view, cover }: { view: KioskView; cover: Extract<CoverView, { kind: 'idle' }> }) {
  return (
    <Page
      covered
      className="idle"
      who={<Covered />}
      feet={
        <>
          {/* One simple action, under the finger and under Enter (WCAG 2.2.1). */}
          <Button size="one" kind="go" spread after={ArrowRightIcon} autoFocus onPress={() => ask('visit.stay', {})}>
            <Say id="idle.stay" />
          </Button>
          <Button spread after={HandPalmIcon} onPress={() => ask('visit.stop', { why: 'stopped' })}>
            <Say id="idle.stop" />
          </Button>
        </>
      }
    >
      <Title size="wall" takesFocus={false}>
        <Say id="idle.title" />
      </Title>
      <p className="lead">
        <Say id="idle.lead" />
      </p>
      <Countdown secondsLeft={cover.secondsLeft} seconds={cover.seconds} language={view.language} />
      <Signs>
        <Sign icon={HourglassMediumIcon}>
          <Say id="idle.then" />
        </Sign>
        <Sign icon={BellRingingIcon}>
          <Say id="idle.tone" />
        </Sign>
      </Signs>
    </Page>
  );
}
