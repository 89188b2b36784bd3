import type { SourceView } from '../../contract/file-view.ts';
import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { Feet } from '../ui/feet.tsx';
import { ArrowLeftIcon, ArrowsClockwiseIcon } from '../ui/icons.ts';
import { Page } from '../ui/page.tsx';
import { Row, Rows } from '../ui/rows.tsx';
import { Title } from '../ui/title.tsx';
import { Who } from '../ui/who.tsx';
import { Said } from './said.tsx';

type MissingProps = { view: KioskView; sources: ReadonlyMap<string, SourceView>; mayAsk: boolean; onBack: () => void };

/** Every source that says nothing, why, and where to ask instead. */
export function MissingSources({ view, sources, mayAsk, onBack }: MissingProps) {
  const { language } = view;
  const missing = [...sources.values()].filter(({ state }) => state !== 'fresh' && state !== 'stale' && state !== 'asked');
  const askable = missing.filter(({ state }) => state === 'silent' || state === 'broken_off').map(({ id }) => id);
  return (
    <Page
      reading
      who={<Who view={view} />}
      feet={
        <Feet view={view} split="even">
          <Button size="big" before={ArrowLeftIcon} onPress={onBack}>
            <Say id="file.back" />
          </Button>
          {mayAsk && askable.length > 0 && (
            <Button
              size="big"
              before={ArrowsClockwiseIcon}
              onPress={() => {
                ask('file.again', { sources: askable });
                onBack();
              }}
            >
              <Say id="file.again" />
            </Button>
          )}
        </Feet>
      }
    >
      <Title>
        <Say id="file.missing.title" />
      </Title>
      <Rows>
        {missing.map((source) => (
          <Row key={source.id} name={<Said text={source.name} language={language} />} source={null}>
            <Say id={whyMissing(source)} />
            {source.help && (
              <span className="line">
                <Said text={source.help} language={language} />
              </span>
            )}
          </Row>
        ))}
      </Rows>
    </Page>
  );
}

function whyMissing({ state, why }: SourceView): MessageId {
  if (state === 'not_connected' || state === 'switched_off' || state === 'broken_off') return `file.missing.${state}`;
  return why === 'unreadable' || why === 'not_yours' || why === 'too_much' ? `file.missing.${why}` : 'file.missing.silent';
}
