import type { AnswerSource } from '../../contract/view.ts';
import { Say } from '../i18n/words.tsx';
import { FolderOpenIcon, HouseLineIcon, IdentificationCardIcon, type Pictogram, UserIcon } from '../ui/icons.ts';
import { Source } from '../ui/source.tsx';

const icons: Record<AnswerSource | 'said', Pictogram> = {
  card: IdentificationCardIcon,
  profile: UserIcon,
  register: HouseLineIcon,
  file: FolderOpenIcon,
  said: UserIcon,
};

/** Where an answer comes from, beside it; null: the person gave it. */
export function AnswerSourceMark({ source }: { source: AnswerSource | null }) {
  return (
    <Source icon={icons[source ?? 'said']}>
      <Say id={`source.${source ?? 'said'}`} />
    </Source>
  );
}
