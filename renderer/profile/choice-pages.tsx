import { useState } from 'react';
import type { Theme } from '../../contract/file.ts';
import type { ProfileScreenView, PurposeView } from '../../contract/profile-view.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { themeIcons } from '../catalogue/product-icons.ts';
import { themes } from '../catalogue/themes.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button, Switch } from '../ui/button.tsx';
import { ArrowRightIcon, CheckIcon, UserIcon, WarningCircleIcon, XIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Source } from '../ui/source.tsx';
import { ChangeNote } from './change-note.tsx';
import { ProfilePage } from './profile-page.tsx';

type Props = { view: KioskView; screen: ProfileScreenView; onBack: () => void };

/** How letters of the town come. Nothing is chosen beforehand. */
export function PostPage({ view, screen: { post }, onBack }: Props) {
  const text = useText();
  return (
    <ProfilePage view={view} title={<Say id="profile.post.ask" />} onBack={onBack}>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that act at once are no fieldset */}
      <div className="stack" role="group" aria-label={text('profile.post')}>
        {(['paper', 'ebox', null] as const).map((way) => (
          <Switch
            key={way ?? 'none'}
            className="stack__one"
            {...(post.value === way && { after: CheckIcon })}
            isSelected={post.value === way}
            onChange={() => ask('profile.set', { wish: { field: 'post', value: way } })}
          >
            <Say id={`profile.post.${way ?? 'noChoice'}`} />
          </Switch>
        ))}
      </div>
      <ChangeNote thing="post" state={post} />
      <p className="after">
        <Say id="profile.post.after" />
      </p>
    </ProfilePage>
  );
}

export function InterestsPage({ view, screen: { interests }, onBack }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<Theme>>(new Set(interests.value));
  const text = useText();
  const toggle = (theme: Theme, on: boolean) => setChosen(new Set([...themes].filter((each) => (each === theme ? on : chosen.has(each)))));
  const save = () => ask('profile.set', { wish: { field: 'interests', value: [...chosen] } });
  return (
    <ProfilePage
      view={view}
      title={<Say id="profile.interests.ask" />}
      onBack={onBack}
      go={
        <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={save}>
          <Say id="profile.interests.save" />
        </Button>
      }
    >
      <p className="question__hint">
        <Say id="profile.interests.why" />
      </p>
      <ChangeNote thing="interests" state={interests} />
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that stay down are no fieldset */}
      <div className="stack" role="group" aria-label={text('profile.interests')}>
        {themes.map((theme) => (
          <Switch
            key={theme}
            className="stack__one"
            before={themeIcons[theme]}
            {...(chosen.has(theme) && { after: CheckIcon })}
            isSelected={chosen.has(theme)}
            onChange={(on) => toggle(theme, on)}
          >
            <Say id={`theme.${theme}`} />
          </Switch>
        ))}
      </div>
    </ProfilePage>
  );
}

/** Newsletters, or what else may be done with what is known: each with its words, yes and no in the same place. */
export function PurposesPage({ view, screen, kind, onBack }: Props & { kind: PurposeView['kind'] }) {
  const hasEmail = screen.contacts.some(({ channel, value }) => channel === 'email' && value !== null);
  const blocked = kind === 'newsletter' && !hasEmail;
  return (
    <ProfilePage view={view} title={<Say id={`profile.${kind}.ask`} />} onBack={onBack}>
      <p className="question__hint">
        <Say id={`profile.${kind}.lead`} />
      </p>
      {blocked && (
        <Care icon={WarningCircleIcon}>
          <Say id="profile.newsletter.needsEmail" />
        </Care>
      )}
      {screen.purposes
        .filter((purpose) => purpose.kind === kind)
        .map((purpose) => (
          <OnePurpose key={purpose.id} purpose={purpose} mayAgree={!blocked} />
        ))}
    </ProfilePage>
  );
}

function OnePurpose({ purpose, mayAgree }: { purpose: PurposeView; mayAgree: boolean }) {
  const dates = useDates();
  const text = useText();
  const { id, kind, title, version, given, former, saidAt } = purpose;
  const set = (yes: boolean) => ask('profile.set', { wish: { field: 'consent', purpose: id, given: yes, version } });
  return (
    <section className="purpose" aria-label={title}>
      <h2>{title}</h2>
      <p>{purpose.text}</p>
      {given && saidAt !== null && (
        <Source icon={UserIcon}>
          <Say id={former ? 'profile.agreedFormer' : 'profile.agreed'} values={{ day: dates.dayOf(saidAt) }} />
        </Source>
      )}
      <ChangeNote thing={`consent:${id}`} state={purpose} />
      <div className="changed">
        {given && (
          <Button before={XIcon} onPress={() => set(false)} aria-label={text(`profile.${kind}.stopThis`, { what: title })}>
            <Say id={`profile.${kind}.stop`} />
          </Button>
        )}
        {(!given || former) && mayAgree && (
          <Button before={CheckIcon} onPress={() => set(true)} aria-label={text(`profile.${kind}.yesThis`, { what: title })}>
            <Say id={`profile.${kind}.yes`} />
          </Button>
        )}
      </div>
    </section>
  );
}
