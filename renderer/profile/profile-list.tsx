import type { ReactNode } from 'react';
import type { ContactView, ProfileScreenView, ThingState } from '../../contract/profile-view.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Breakable } from '../ui/breakable.tsx';
import { Button } from '../ui/button.tsx';
import { ArrowsClockwiseIcon, PasswordIcon, PlugsIcon, SealCheckIcon, UserIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Source } from '../ui/source.tsx';
import { ChangeLine, isTrouble } from './change-note.tsx';
import { ProfilePage } from './profile-page.tsx';
import { RegisterFacts } from './register-facts.tsx';

export type Subject = 'email' | 'phone' | 'post' | 'interests' | 'newsletter' | 'use';
type Props = { view: KioskView; screen: ProfileScreenView; onOpen: (subject: Subject) => void };

/** Everything that the person told, each with when that was, and what registers hold beside it. */
export function ProfileList({ view, screen, onOpen }: Props) {
  const text = useText();
  const given = (kind: 'newsletter' | 'use') => screen.purposes.filter((purpose) => purpose.kind === kind);
  const row = (subject: Subject, value: ReactNode, soft: boolean, state: readonly ThingState[], more?: ReactNode) => (
    <Row
      key={subject}
      name={<Say id={`profile.${subject}`} />}
      source={
        <>
          {more ?? <SaidAt state={state} />}
          <ChangeLine state={tellingOf(state)} />
        </>
      }
      soft={soft}
      action={
        <Button size="small" onPress={() => onOpen(subject)} aria-label={text('profile.changeThis', { what: text(`profile.${subject}`) })}>
          <Say id="profile.change" />
        </Button>
      }
    >
      {value}
    </Row>
  );
  return (
    <ProfilePage view={view} title={<Say id="profile.name" />} onBack={() => ask('file.open', {})}>
      <p className="question__hint">
        <Say id="profile.lead" />
      </p>
      <Trouble view={view} screen={screen} />
      <Rows label={text('profile.name')}>
        {screen.contacts.map((contact) =>
          row(
            contact.channel,
            contact.value === null ? <Say id="profile.unknown" /> : <Breakable text={contact.value} />,
            contact.value === null,
            [contact],
            <Verified contact={contact} />,
          ),
        )}
        {row(
          'post',
          <Say id={screen.post.value === null ? 'profile.post.none' : `profile.post.${screen.post.value}`} />,
          screen.post.value === null,
          [screen.post],
        )}
        {row('interests', <Interests value={screen.interests.value} />, screen.interests.value.length === 0, [screen.interests])}
        {(['newsletter', 'use'] as const).map((kind) =>
          row(
            kind,
            <Given count={given(kind).filter((purpose) => purpose.given).length} />,
            !given(kind).some((purpose) => purpose.given),
            given(kind),
          ),
        )}
        <Row name={<Say id="profile.letters" />} source={null}>
          <Say id={`profile.letters.${screen.letters}`} values={{ town: view.town }} />
        </Row>
      </Rows>
      <RegisterFacts language={view.language} />
    </ProfilePage>
  );
}

/** Of several things under one name what went wrong, else what was changed last. */
function tellingOf(states: readonly ThingState[]): ThingState {
  const changed = states.filter(({ change }) => change !== null);
  return changed.find(isTrouble) ?? changed.at(-1) ?? { saidAt: null, change: null };
}

function SaidAt({ state }: { state: readonly ThingState[] }) {
  const dates = useDates();
  const last = state
    .map(({ saidAt }) => saidAt)
    .filter((at) => at !== null)
    .sort()
    .at(-1);
  if (last === undefined || state.some(({ change }) => change !== null)) return null;
  return (
    <Source icon={UserIcon}>
      <Say id="profile.saidAt" values={{ day: dates.dayOf(last) }} />
    </Source>
  );
}

export function Verified({ contact }: { contact: ContactView }) {
  const dates = useDates();
  if (contact.value === null) return null;
  return (
    <Source icon={contact.verifiedAt === null ? UserIcon : SealCheckIcon}>
      {contact.verifiedAt === null ? (
        <Say id="profile.unverified" />
      ) : (
        <Say id="profile.verified" values={{ day: dates.dayOf(contact.verifiedAt) }} />
      )}
    </Source>
  );
}

function Interests({ value }: { value: ProfileScreenView['interests']['value'] }) {
  const text = useText();
  return value.length === 0 ? <Say id="profile.interests.none" /> : value.map((theme) => text(`theme.${theme}`)).join(', ');
}

function Given({ count }: { count: number }) {
  return <Say id="profile.given" values={{ count }} />;
}

const ways: Record<NonNullable<ProfileScreenView['why']>, { icon: typeof PlugsIcon; say: MessageId }> = {
  no_line: { icon: PlugsIcon, say: 'file.again' },
  grant_ended: { icon: PasswordIcon, say: 'file.signInAgain' },
  not_recorded: { icon: ArrowsClockwiseIcon, say: 'file.again' },
};

/** Why what stands here may be old, or not there at all; and a new look at what was received. */
export function Trouble({ view, screen }: { view: KioskView; screen: ProfileScreenView }) {
  const waits = [...screen.contacts, screen.post, screen.interests, ...screen.purposes].some(({ change }) => change?.stage === 'received');
  if (screen.why === null)
    return waits ? (
      <div className="changed">
        <Button before={ArrowsClockwiseIcon} onPress={() => ask('profile.again', {})}>
          <Say id="profile.lookAgain" />
        </Button>
      </div>
    ) : null;
  const { icon, say } = ways[screen.why];
  return (
    <div className="changed">
      <Care icon={icon}>
        <Say id={`profile.why.${screen.why}`} />
      </Care>
      {(screen.why !== 'no_line' || view.line.state !== 'down') && (
        <Button before={icon} onPress={() => ask('profile.again', {})}>
          <Say id={say} />
        </Button>
      )}
    </div>
  );
}
