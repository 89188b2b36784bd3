import type { ReactNode } from 'react';
import type { KioskView } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type Props = { view: KioskView; title: ReactNode; onBack: () => void; go?: ReactNode; children: ReactNode };

/** One thing of the profile: what it is, and the way back to all of them. `go`: the next step. */
export function ProfilePage({ view, title, onBack, go, children }: Props) {
  return (
    <Page
      reading
      className="page--subject"
      who={<Who view={view} />}
      feet={
        <Feet view={view} {...(go ? {} : { split: 'even' as const })}>
          <Button size="big" before={ArrowLeftIcon} onPress={onBack}>
            <Say id="button.back" />
          </Button>
          {go}
        </Feet>
      }
    >
      <Title>{title}</Title>
      {children}
    </Page>
  );
}
