import { useMemo } from 'react';
import type { Language } from '../../contract/language.ts';
import { SourceLine } from '../file/item-row.tsx';
import { ItemState } from '../file/item-state.tsx';
import { Said } from '../file/said.tsx';
import { Say } from '../i18n/words.tsx';
import { useFile } from '../state/file-store.ts';
import { Row, Rows } from '../ui/rows.tsx';

const most = 12;

/** What registers hold, as the file of this visit has it: not the person's to change here, so it says where. */
export function RegisterFacts({ language }: { language: Language }) {
  const items = useFile((state) => state.items);
  const sources = useFile((state) => state.sources);
  const facts = useMemo(() => items.filter(({ kind, source }) => kind === 'register_data' && source !== 'profile').slice(0, most), [items]);
  if (facts.length === 0) return null;
  return (
    <>
      <h2 className="items__heading">
        <Say id="profile.registers" />
      </h2>
      <p className="question__hint">
        <Say id="profile.registersHint" />
      </p>
      <Rows>
        {facts.map((item) => {
          const source = sources.get(item.source);
          return (
            <Row
              key={item.key}
              name={<Said text={item.title} language={language} />}
              source={source ? <SourceLine source={source} language={language} /> : null}
            >
              <ItemState item={item} language={language} />
            </Row>
          );
        })}
      </Rows>
    </>
  );
}
