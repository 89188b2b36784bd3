import type { KioskView, ScreenView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowsClockwiseIcon, PlugsIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';

type FileView = Extract<ScreenView, { name: 'file' }>;

/** No file can be shown: why, what this visit has kept, and what can be done now. */
export function NoFile({ view, screen }: { view: KioskView; screen: FileView }) {
  const dates = useDates();
  const offline = screen.stage === 'none' || screen.end === 'no_line';
  return (
    <Page
      reading
      who={<Who view={view} />}
      feet={
        <Feet view={view} split="even">
          <Button size="big" kind={offline ? 'go' : 'plain'} before={ArrowLeftIcon} onPress={() => ask('visit.catalogue', {})}>
            <Say id="file.leave" />
          </Button>
          {!offline && (
            <Button
              size="big"
              before={ArrowsClockwiseIcon}
              onPress={() => (screen.end === 'mandate_ended' ? ask('file.act_as', { role: null }) : ask('file.again', { sources: [] }))}
            >
              <Say id={screen.end === 'mandate_ended' ? 'roles.self' : 'file.again'} />
            </Button>
          )}
        </Feet>
      }
    >
      <Title>
        <Say id="file.title.none" />
      </Title>
      <Care icon={offline ? PlugsIcon : WarningCircleIcon}>
        <Say id={screen.end === null || screen.end === 'complete' ? 'file.offline' : `file.end.${screen.end}`} />
      </Care>
      {screen.kept.length > 0 && (
        <>
          <h2 className="items__heading">
            <Say id="file.offlineKept" />
          </h2>
          <Rows>
            {screen.kept.map(({ reference, product, keptAt, receivedAt }) => (
              <Row key={reference} name={product} source={null}>
                <span className="line">{reference}</span>
                <Say id={receivedAt === null ? 'file.kept' : 'file.received'} values={{ time: dates.time(receivedAt ?? keptAt) }} />
              </Row>
            ))}
          </Rows>
        </>
      )}
      <div className="after">
        {offline && (
          <>
            <p>
              <Say id="file.offlineCan" />
            </p>
            <p>
              <Say id="file.offlineNothing" />
            </p>
          </>
        )}
        {!offline && screen.end !== 'mandate_ended' && (
          <p>
            <Say id="file.noneInstead" values={{ desk: view.desk }} />
          </p>
        )}
      </div>
    </Page>
  );
}
