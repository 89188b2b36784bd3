import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { CardChecks } from '../ui/card-checks.tsx';
import { CardSource, FactValue } from '../ui/fact.tsx';
import { Feet } from '../ui/feet.tsx';
import { Icon } from '../ui/icon.tsx';
import { ArrowRightIcon, CheckIcon, HourglassMediumIcon, TicketIcon, UserIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type IdentityView = Extract<ScreenView, { name: 'identity' }>;

/** Who the card says you are, and then how much of that is proven. */
export function IdentityScreen({ view, screen }: { view: KioskView; screen: IdentityView }) {
  return (
    <Page
      who={<Who view={view} />}
      feet={
        <Feet view={view} split="wide">
          <Button size="big" onPress={() => ask('visit.stop', { why: 'not_me' })}>
            <Say id="identity.no" />
          </Button>
          <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={() => ask('visit.continue', {})}>
            <Say id="identity.yes" />
          </Button>
        </Feet>
      }
    >
      <Title>
        <Say id="identity.title" />
      </Title>
      {screen.recentlyKept.map((kept) => (
        <RecentlyKept key={kept.reference} kept={kept} />
      ))}
      <div className="identity">
        <Photo photo={screen.photo} />
        <Rows>
          {screen.facts.map((fact) => (
            <Row key={fact.fact} name={<Say id={`fact.${fact.fact}`} />} source={<CardSource />}>
              <FactValue value={fact.value} />
            </Row>
          ))}
        </Rows>
      </div>
      <p className="after">
        <Say id="identity.wrong" />
      </p>
      <Proof proof={screen.proof} />
      <CardChecks checks={screen.checks} folds={view.display.text > 2} />
      {screen.expired && (
        <Care icon={WarningCircleIcon}>
          <Say id="identity.expired" />
        </Care>
      )}
    </Page>
  );
}

/** After a crash: said before anything else, so that nobody sends the same thing twice. */
function RecentlyKept({ kept: { reference, product, keptAt } }: { kept: IdentityView['recentlyKept'][number] }) {
  const dates = useDates();
  return (
    <Care icon={TicketIcon}>
      <Say
        id={product === '' ? 'identity.recentlyKept' : 'identity.recentlyKeptProduct'}
        values={{ reference, product, time: dates.time(keptAt) }}
      />
    </Care>
  );
}

function Photo({ photo }: { photo: string | null }) {
  const text = useText();
  if (photo !== null) return <img className="photo" alt={text('identity.photo')} src={`data:image/jpeg;base64,${photo}`} />;
  return (
    <div className="photo photo--none" role="img" aria-label={text('identity.noPhoto')}>
      <Icon of={UserIcon} />
    </div>
  );
}

/** A sentence with a mark: dashed while it is being looked at, filled when it is proven. */
function Proof({ proof }: { proof: IdentityView['proof'] }) {
  const proven = proof === 'proven';
  return (
    <div className={proven ? 'proof is-done' : 'proof'} role="status">
      <span className="track__mark">
        <Icon of={proven ? CheckIcon : HourglassMediumIcon} />
      </span>
      <div>
        <p className="proof__say">
          <Say id={proven ? 'identity.proven' : 'identity.checking'} />
        </p>
        {!proven && (
          <p className="track__more">
            <Say id="identity.checkingMeans" />
          </p>
        )}
      </div>
    </div>
  );
}
