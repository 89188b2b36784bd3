import type { ContactView } from '../../contract/profile-view.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say } from '../i18n/words.tsx';
import { Breakable } from '../ui/breakable.tsx';
import { Button } from '../ui/button.tsx';
import { PencilSimpleIcon, PlugsIcon, PlusIcon, TrashIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { ChangeNote } from './change-note.tsx';
import { Verified } from './profile-list.tsx';
import { ProfilePage } from './profile-page.tsx';

/** An address or a number: change it, or take it away, both with one press. */
export function ContactPage({ view, contact, onBack }: { view: KioskView; contact: ContactView; onBack: () => void }) {
  const { channel, value } = contact;
  return (
    <ProfilePage view={view} title={<Say id={`profile.${channel}`} />} onBack={onBack}>
      <p className="question__hint">
        <Say id={`profile.${channel}.why`} />
      </p>
      <div className="facts">
        <div className="fact">
          <p className="fact__value profile__value">{value === null ? <Say id="profile.unknown" /> : <Breakable text={value} />}</p>
          <Verified contact={contact} />
        </div>
      </div>
      <ChangeNote thing={channel} state={contact} />
      {contact.reachable && view.line.state !== 'down' ? (
        <div className="changed">
          <Button before={value === null ? PlusIcon : PencilSimpleIcon} onPress={() => ask('profile.contact', { channel })}>
            <Say id={value === null ? `profile.${channel}.add` : `profile.${channel}.change`} />
          </Button>
          {value !== null && (
            <Button before={TrashIcon} onPress={() => ask('profile.set', { wish: { field: channel, value: null } })}>
              <Say id={`profile.${channel}.remove`} />
            </Button>
          )}
        </div>
      ) : (
        <div className="changed">
          <Care icon={PlugsIcon}>
            <Say id={contact.reachable ? 'profile.needsLine' : 'profile.notConnected'} />
          </Care>
          {value !== null && (
            <Button before={TrashIcon} onPress={() => ask('profile.set', { wish: { field: channel, value: null } })}>
              <Say id={`profile.${channel}.remove`} />
            </Button>
          )}
        </div>
      )}
    </ProfilePage>
  );
}
