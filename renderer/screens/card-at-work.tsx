import type { ReactNode } from 'react';
import type { KioskView } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useLater } from '../state/use-later.ts';
import { CardPicture } from '../ui/card-picture.tsx';
import { Feet } from '../ui/feet.tsx';
import { HourglassMediumIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Page } from '../ui/page.tsx';
import { ProductLine } from '../ui/product-line.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Who } from '../ui/who.tsx';

/** `signer` and `document` belong to a signature, the others to signing in. */
type Task = 'preparing' | 'working' | 'checking' | 'signer' | 'document';

type AtWorkProps = { view: KioskView; product: string; task: Task; children?: ReactNode };

/** Card, reader or town is busy and nobody has to do anything. After a second it says what for, after ten what else one can do. */
export function CardAtWork({ view, product, task, children }: AtWorkProps) {
  const text = useText();
  const long = useLater(1_000);
  const tooLong = useLater(10_000);
  return (
    <Page who={<Who view={view} quiet />} where={<ProductLine product={product} />} feet={<Feet view={view}>{children}</Feet>}>
      <Title size="calm">
        <Say id={`work.${task}.title`} />
      </Title>
      <p className="lead">
        <Say id={`work.${task}.lead`} />
      </p>
      <CardPicture shows="still" label={text('reading.picture')} />
      <Waiting label={text(`work.${task}.title`)} />
      {/* The room is kept from the start, so that nothing jumps when the words arrive. */}
      <div className={long ? 'later is-shown' : 'later'} aria-live="polite">
        {long && (
          <Signs>
            <Sign icon={HourglassMediumIcon}>
              <Say id={`work.${task}.what`} />
            </Sign>
            {tooLong && (
              <Sign icon={WarningCircleIcon}>
                <Say id="work.long" values={{ desk: view.desk }} />
              </Sign>
            )}
          </Signs>
        )}
      </div>
    </Page>
  );
}
