import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowRightIcon, BuildingsIcon, CheckIcon, UserIcon, UsersThreeIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type RolesView = Extract<ScreenView, { name: 'roles' }>;
type RoleView = RolesView['roles'][number];

/** In whose name somebody looks: themself, a person whom they represent, an enterprise. */
export function RolesScreen({ view, screen }: { view: KioskView; screen: RolesView }) {
  const text = useText();
  return (
    <Page
      who={<Who view={view} />}
      feet={
        <Feet view={view}>
          <Button size="big" before={ArrowLeftIcon} onPress={() => ask('file.open', {})}>
            <Say id="button.back" />
          </Button>
        </Feet>
      }
    >
      <Title>
        <Say id="roles.title" />
      </Title>
      <ul className="products" aria-label={text('roles.title')}>
        <li>
          <Button
            className="product"
            before={UserIcon}
            after={screen.self ? CheckIcon : ArrowRightIcon}
            spread
            onPress={() => ask('file.act_as', { role: null })}
          >
            <span className="product__text">
              <strong>
                <Say id="roles.self" />
              </strong>
              {screen.self && <Chosen />}
            </span>
          </Button>
        </li>
        {screen.roles.map((role) => (
          <li key={role.place}>
            <Button
              className="product"
              before={role.kind === 'enterprise' ? BuildingsIcon : UsersThreeIcon}
              after={role.chosen ? CheckIcon : ArrowRightIcon}
              spread
              onPress={() => ask('file.act_as', { role: role.place })}
            >
              <RoleWords role={role} />
            </Button>
          </li>
        ))}
      </ul>
    </Page>
  );
}

function RoleWords({ role }: { role: RoleView }) {
  const dates = useDates();
  return (
    <span className="product__text">
      <strong>{role.name}</strong>
      <span>
        <Say id={`roles.${role.basis ?? 'enterprise'}`} />
        {role.seat !== null && `, ${role.seat}`}
        {role.until !== null && ', '}
        {role.until !== null && <Say id="roles.until" values={{ day: dates.date(role.until) }} />}
      </span>
      {role.chosen && <Chosen />}
    </span>
  );
}

function Chosen() {
  return (
    <span className="src">
      <Say id="roles.chosen" />
    </span>
  );
}
