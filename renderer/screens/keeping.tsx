import type { KioskView, ScreenView } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { useLater } from '../state/use-later.ts';
import { CardPicture } from '../ui/card-picture.tsx';
import { ShieldCheckIcon } from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { Where } from '../ui/where.tsx';
import { Who } from '../ui/who.tsx';

type KeepingView = Extract<ScreenView, { name: 'keeping' }>;

/**
 * Nearly always too short to see; a page that flashes by would only startle. Nothing can be pressed meanwhile: a press could
 * only cost the person the sight of the reference. */
export function KeepingScreen({ view, screen }: { view: KioskView; screen: KeepingView }) {
  const text = useText();
  const slow = useLater(500);
  return (
    <Page who={<Who view={view} quiet />} where={<Where step={screen.step} />} feet={null}>
      {/* The heading is there from the start for who listens; the eye gets it only when there is time to read it. */}
      <div className={slow ? undefined : 'unseen'}>
        <Title size="calm">
          <Say id="keeping.title" />
        </Title>
      </div>
      {slow && (
        <>
          <p className="lead">
            <Say id="keeping.lead" />
          </p>
          <CardPicture shows="still" label={text('reading.picture')} />
          <Waiting label={text('keeping.progress')} />
          <Signs>
            <Sign icon={ShieldCheckIcon}>
              <Say id="keeping.safe" />
            </Sign>
          </Signs>
        </>
      )}
    </Page>
  );
}
