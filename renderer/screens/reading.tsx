import type { KioskView } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useLater } from '../state/use-later.ts';
import { CardPicture } from '../ui/card-picture.tsx';
import { Feet } from '../ui/feet.tsx';
import { HourglassMediumIcon, IdentificationCardIcon, QuestionIcon, ShieldCheckIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { WhoBand } from '../ui/who-band.tsx';

/** Usually gone within a second. Longer than that it says what for, and much longer what to do. */
export function ReadingScreen({ view }: { view: KioskView }) {
  const text = useText();
  const long = useLater(1_000);
  const tooLong = useLater(10_000);
  return (
    <Page
      who={
        <WhoBand
          icon={HourglassMediumIcon}
          name={<Say id="who.reading" />}
          trustIcon={QuestionIcon}
          trust={<Say id="who.reading.trust" />}
        />
      }
      feet={<Feet view={view} />}
    >
      <Title size="wall">
        <Say id="reading.title" />
      </Title>
      <p className="lead">
        <Say id="reading.lead" />
      </p>
      <CardPicture shows="still" label={text('reading.picture')} />
      <Waiting label={text('reading.progress')} />
      {/* The room is kept from the start, so that nothing jumps when the words arrive. */}
      <div className={long ? 'later is-shown' : 'later'} aria-live="polite">
        {long && (
          <Signs>
            <Sign icon={IdentificationCardIcon}>
              <Say id="reading.what" />
            </Sign>
            <Sign icon={tooLong ? WarningCircleIcon : ShieldCheckIcon}>
              <Say id={tooLong ? 'reading.long' : 'reading.check'} />
            </Sign>
          </Signs>
        )}
      </div>
    </Page>
  );
}
