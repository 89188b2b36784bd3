import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { CardPicture } from '../ui/card-picture.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, IdentificationCardIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type InsertView = Extract<ScreenView, { name: 'insert_card' }>;

/** A product that wants a card was chosen: why, what is read, and what else one can do. */
export function InsertCardScreen({ view, screen }: { view: KioskView; screen: InsertView }) {
  const text = useText();
  return (
    <Page
      who={<Who view={view} />}
      where={<ProductLine product={screen.product} />}
      feet={
        <Feet view={view} split="even">
          <Button size="big" before={ArrowLeftIcon} onPress={() => ask('visit.catalogue', {})}>
            <Say id="insert.back" />
          </Button>
        </Feet>
      }
    >
      <Title size="wall">
        <Say id="insert.title" />
      </Title>
      <p className="lead">
        <Say id="insert.lead" />
      </p>
      {screen.leftIn && (
        <Care icon={IdentificationCardIcon} urgent>
          <Say id="insert.leftIn" />
        </Care>
      )}
      <CardPicture shows="in" label={text('attract.picture')} />
      <div className="why">
        <p>
          <Say id="insert.why" />
        </p>
        <p>
          <Say id="insert.instead" values={{ desk: view.desk }} />
        </p>
      </div>
    </Page>
  );
}
