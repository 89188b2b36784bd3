import type { KioskView, ScreenView } from '../../contract/view.ts';
import { Say, useText } from '../i18n/words.tsx';
import { BrokenPicture } from '../ui/broken-picture.tsx';
import { CheckIcon, IdentificationCardIcon, PencilSimpleSlashIcon } from '../ui/icons.ts';
import { Sign, Signs } from '../ui/mark.tsx';
import { Page } from '../ui/page.tsx';
import { StaffTown } from '../ui/staff-town.tsx';
import { Title } from '../ui/title.tsx';

type BrokenView = Extract<ScreenView, { name: 'broken' }>;

/** This kiosk can keep nothing, so it takes nothing. No buttons: where to go, and what became of card and request. */
export function BrokenScreen({ view, screen }: { view: KioskView; screen: BrokenView }) {
  const text = useText();
  return (
    <Page
      className="broken"
      who={
        <StaffTown town={view.town}>
          <Say id="broken.open" />
        </StaffTown>
      }
      feet={
        <div className="feet__split">
          <div>
            <p className="staff__say">
              <Say id="broken.staff" />
            </p>
            <p className="staff__kiosk">{view.kiosk}</p>
          </div>
          <p className="staff__say">
            <Say id={`broken.code.${screen.reason}`} />
          </p>
        </div>
      }
    >
      <Title size="wall">
        <Say id="broken.title" />
      </Title>
      <p className="lead">
        <Say id="broken.lead" values={{ desk: view.desk }} />
      </p>
      <BrokenPicture label={text('broken.picture')} />
      <Signs>
        <Sign icon={PencilSimpleSlashIcon}>
          <Say id={`broken.why.${screen.reason}`} />
        </Sign>
        <Sign icon={IdentificationCardIcon}>
          <Say id="broken.card" />
        </Sign>
        <Sign icon={CheckIcon}>
          <Say id="broken.kept" />
        </Sign>
      </Signs>
    </Page>
  );
}
