import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { CardPicture } from '../ui/card-picture.tsx';
import { Tools } from '../ui/feet.tsx';
import { ArrowRightIcon, CheckIcon, IdentificationCardIcon, PencilSimpleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Track, TrackItem } from '../ui/track.tsx';
import { TownBand } from '../ui/who-band.tsx';
import { GoodbyeCodes } from './goodbye-codes.tsx';

type GoodbyeView = Extract<ScreenView, { name: 'goodbye' }>;

/** After the wipe, so it can hold no name: take the card, take the codes, what is safe, what is gone. */
export function GoodbyeScreen({ view, screen }: { view: KioskView; screen: GoodbyeView }) {
  const text = useText();
  const takesAlong = screen.tickets.length > 0;
  return (
    <Page
      className="goodbye"
      who={
        <TownBand town={view.town}>
          <Say id="goodbye.closed" />
        </TownBand>
      }
      feet={
        <>
          <div className="feet__go feet__go--wide">
            {takesAlong && (
              <Button size="big" before={PencilSimpleIcon} onPress={() => ask('visit.stay', {})}>
                <Say id="goodbye.stay" />
              </Button>
            )}
            <Button size="big" spread after={ArrowRightIcon} onPress={() => ask('visit.begin', {})}>
              <Say id="goodbye.begin" />
            </Button>
          </div>
          <Tools view={view} />
        </>
      }
    >
      <Title size="wall">
        <Say id={screen.cardStillIn ? 'goodbye.card.title' : 'goodbye.title'} />
      </Title>
      <p className="lead">
        <Say id={`goodbye.why.${screen.why}`} />
      </p>
      {screen.mayBeAnother && (
        <Care icon={IdentificationCardIcon} urgent>
          <Say id="goodbye.cardAgain" />
        </Care>
      )}
      {takesAlong && <GoodbyeCodes screen={screen} />}
      {(screen.cardStillIn || !takesAlong) && (
        <CardPicture
          shows={screen.cardStillIn ? 'out' : 'empty'}
          label={text(screen.cardStillIn ? 'goodbye.picture' : 'goodbye.pictureEmpty')}
        />
      )}
      <Remains view={view} screen={screen} />
    </Page>
  );
}

function Remains({ view, screen }: { view: KioskView; screen: GoodbyeView }) {
  const text = useText();
  const count = screen.tickets.length;
  return (
    <Track label={text('goodbye.track')}>
      {count > 0 && (
        <TrackItem done icon={CheckIcon} title={<Say id="goodbye.safe" values={{ count }} />}>
          <Say id="goodbye.safeMeans" values={{ count }} />
        </TrackItem>
      )}
      <TrackItem done icon={CheckIcon} title={<Say id="goodbye.wiped" />}>
        <Say id="goodbye.wipedMeans" />
      </TrackItem>
      {screen.cardStillIn ? (
        <TrackItem done={false} icon={IdentificationCardIcon} title={<Say id="goodbye.cardIn" />}>
          <Say id="goodbye.cardStuck" values={{ desk: view.desk }} />
        </TrackItem>
      ) : (
        <TrackItem done icon={CheckIcon} title={<Say id="goodbye.cardOut" />}>
          <Say id="goodbye.cardOutMeans" />
        </TrackItem>
      )}
    </Track>
  );
}
