import { useState } from 'react';
import type { ProfileScreenView } from '../../contract/profile-view.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { InterestsPage, PostPage, PurposesPage } from '../profile/choice-pages.tsx';
import { ContactPage } from '../profile/contact-page.tsx';
import { ContactStep } from '../profile/contact-step.tsx';
import { ProfileList, type Subject, Trouble } from '../profile/profile-list.tsx';
import { ProfilePage } from '../profile/profile-page.tsx';
import { Waiting } from '../ui/waiting.tsx';

type Props = { view: KioskView; screen: ProfileScreenView };

/** How to reach the person, what they want to hear of, what they agreed to. */
export function ProfileScreen({ view, screen }: Props) {
  const [shown, setShown] = useState<Subject | null>(null);
  const text = useText();
  const back = () => setShown(null);
  const toFile = () => ask('file.open', {});
  if (screen.step) return <ContactStep key={screen.step.stage} view={view} step={screen.step} />;
  if (screen.stage === 'asking')
    return (
      <ProfilePage view={view} title={<Say id="profile.asking" />} onBack={toFile}>
        <Waiting label={text('profile.asking')} />
      </ProfilePage>
    );
  if (screen.stage === 'none')
    return (
      <ProfilePage view={view} title={<Say id="profile.none" />} onBack={toFile}>
        <Trouble view={view} screen={screen} />
      </ProfilePage>
    );
  switch (shown) {
    case null:
      return <ProfileList view={view} screen={screen} onOpen={setShown} />;
    case 'email':
    case 'phone': {
      const contact = screen.contacts.find(({ channel }) => channel === shown);
      return contact ? <ContactPage key={shown} view={view} contact={contact} onBack={back} /> : null;
    }
    case 'post':
      return <PostPage view={view} screen={screen} onBack={back} />;
    case 'interests':
      return <InterestsPage key={screen.interests.value.join(' ')} view={view} screen={screen} onBack={back} />;
    case 'newsletter':
    case 'use':
      return <PurposesPage key={shown} view={view} screen={screen} kind={shown} onBack={back} />;
  }
}
