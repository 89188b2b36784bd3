import type { ReactNode } from 'react';
import type { KioskView } from '../../contract/view.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Feet } from '../ui/feet.tsx';
import { HandPalmIcon, HourglassMediumIcon, IdentificationCardIcon, type Pictogram, ShieldCheckIcon, UserFocusIcon } from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { PinpadPicture } from '../ui/pinpad-picture.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type ElsewhereProps = {
  view: KioskView;
  product: string;
  way: 'pinpad' | 'dialog' | 'pin_view';
  triesLeft: number | null;
  /** Why, in one sentence: the PIN signs in, or it signs a document. */
  why: { icon: Pictogram; id: MessageId };
  /** The way back, where this page has one: a reader or dialog that waits is stopped there. */
  children?: ReactNode;
};

/** The PIN is typed, but not on this page: on the reader's keys, in the card's own window, or in the PIN view. */
export function PinElsewhere({ view, product, way, triesLeft, why, children }: ElsewhereProps) {
  const text = useText();
  return (
    <Page who={<Who view={view} quiet />} where={<ProductLine product={product} />} feet={<Feet view={view}>{children}</Feet>}>
      <Title size="calm">
        <Say id={`signIn.${way}.title`} />
      </Title>
      <p className="lead">
        <Say id={`signIn.${way}.lead`} />
      </p>
      {triesLeft !== null && (
        <Care icon={IdentificationCardIcon}>
          <Say id="pin.tries" values={{ tries: triesLeft }} />
        </Care>
      )}
      {way === 'pinpad' && <PinpadPicture label={text('pinpad.picture')} />}
      <Signs>
        <Sign icon={why.icon}>
          <Say id={why.id} />
        </Sign>
        {way === 'pinpad' && <OnTheReader />}
        {way !== 'pin_view' && (
          <Sign icon={ShieldCheckIcon}>
            <Say id="signIn.why.card" />
          </Sign>
        )}
        {/* Nobody is kept out by a number they cannot recall (WCAG 2.2, 3.3.8). */}
        <Sign icon={UserFocusIcon}>
          <Say id="pin.forgot" values={{ desk: view.desk }} />
        </Sign>
      </Signs>
    </Page>
  );
}

function OnTheReader() {
  return (
    <>
      <Sign icon={HourglassMediumIcon}>
        <Say id="pinpad.time" />
      </Sign>
      <Sign icon={HandPalmIcon}>
        <Say id="pinpad.stop" />
      </Sign>
    </>
  );
}
