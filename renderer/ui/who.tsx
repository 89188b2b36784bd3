import type { KioskView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import type { MessageId } from '../i18n/messages.ts';
import { Say } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { losesAnswers } from '../state/loses-answers.ts';
import { Button } from './button.tsx';
import { IdentificationCardIcon, QuestionIcon, UserIcon } from './icons.ts';
import { WhoBand } from './who-band.tsx';

type Person = NonNullable<KioskView['who']>;

/** Who this page is about, how sure we are of that, and the way out when it is somebody else (not on a `quiet` page). */
export function Who({ view, quiet = false }: { view: KioskView; quiet?: boolean }) {
  return view.who ? <KnownWho view={view} who={view.who} quiet={quiet} /> : <Nobody />;
}

function KnownWho({ view, who, quiet }: { view: KioskView; who: Person; quiet: boolean }) {
  const open = useKiosk((state) => state.open);
  const typed = useKiosk((state) => state.typed);
  const notMe = () => (losesAnswers(view, typed) ? open('not_me') : ask('visit.stop', { why: 'not_me' }));
  return (
    <WhoBand icon={UserIcon} name={who.name} trustIcon={IdentificationCardIcon} trust={<Say id={trustSentence(who)} />}>
      {who.acting && (
        <p className="who__acting">
          <Say id="file.acting" values={{ name: who.acting.name }} />
        </p>
      )}
      {!quiet && (
        <Button size="small" onPress={notMe}>
          <Say id="who.notYou" />
        </Button>
      )}
    </WhoBand>
  );
}

/** The sentence never says more than is known: a card that is real says nothing of who holds it. */
function trustSentence({ proof, trust }: Person): MessageId {
  if (proof === 'checking') return 'trust.checking';
  return `trust.${trust}`;
}

function Nobody() {
  return <WhoBand icon={UserIcon} name={<Say id="who.withoutCard" />} trustIcon={QuestionIcon} trust={<Say id="who.unknown" />} />;
}
