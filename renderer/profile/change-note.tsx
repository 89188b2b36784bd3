import type { ThingState } from '../../contract/profile-view.ts';
import { ask } from '../api.ts';
import { useDates } from '../i18n/dates.ts';
import { Say } from '../i18n/words.tsx';
import { Button } from '../ui/button.tsx';
import { ArrowCounterClockwiseIcon, CheckIcon, HourglassMediumIcon, WarningCircleIcon } from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Source } from '../ui/source.tsx';

type Change = NonNullable<ThingState['change']>;

const trouble: ReadonlySet<Change['stage']> = new Set(['missed', 'not_kept', 'needs_attention']);

export function isTrouble({ change }: ThingState): boolean {
  return change !== null && trouble.has(change.stage);
}

/** How far a change of this visit is, and the way back from it, in its place. */
export function ChangeNote({ thing, state }: { thing: string; state: ThingState }) {
  const { change } = state;
  if (!change) return null;
  return (
    <div className="changed" role="status">
      {isTrouble(state) ? (
        <Care icon={WarningCircleIcon}>
          <ChangeWords change={change} />
        </Care>
      ) : (
        <Tip icon={change.stage === 'done' ? CheckIcon : HourglassMediumIcon}>
          <ChangeWords change={change} />
        </Tip>
      )}
      {change.undo && (
        <Button before={ArrowCounterClockwiseIcon} onPress={() => ask('profile.undo', { thing })}>
          <Say id="profile.undo" />
        </Button>
      )}
    </div>
  );
}

/** The same in a line, for the list. */
export function ChangeLine({ state }: { state: ThingState }) {
  const { change } = state;
  if (!change) return null;
  const icon = isTrouble(state) ? WarningCircleIcon : change.stage === 'done' ? CheckIcon : HourglassMediumIcon;
  return (
    <Source icon={icon}>
      <ChangeWords change={change} />
    </Source>
  );
}

function ChangeWords({ change }: { change: Change }) {
  const dates = useDates();
  if (change.stage === 'missed') return <Say id={`profile.missed.${change.why ?? 'not_proven'}`} />;
  const time = change.keptAt === null ? '' : dates.time(change.keptAt);
  return <Say id={`profile.change.${change.stage}`} values={{ time, reference: unbroken(change.reference) }} />;
}

/** A reference is read as one thing: no line ends in it. */
function unbroken(reference: string): string {
  return reference.replaceAll('-', '\u2011');
}
