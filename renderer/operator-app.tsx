import { useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { OperatorView } from '../contract/operator.ts';
import { localeOf } from './i18n/messages.ts';
import { Words } from './i18n/words.tsx';
import { askOperator } from './operator/ask-operator.ts';
import { OperatorPage } from './operator/operator-page.tsx';
import { operatorMessages } from './operator/operator-say.tsx';
import { useOperatorActivity } from './operator/use-operator-activity.ts';
import { useCalibration, useDisplay } from './state/use-calibration.ts';

/** The operator's own page. It knows forms and references, and nobody. */
export function OperatorApp() {
  const [view, setView] = useState<OperatorView | null>(null);
  useEffect(() => {
    const stop = window.loket.onOperatorView((next) => setView((now) => (now && next.revision < now.revision ? now : next)));
    askOperator('operator.ready', {});
    return stop;
  }, []);
  useOperatorActivity();
  useCalibration(view?.pxPerMm);
  useDisplay(view?.language, view?.display);
  const drawn = view !== null;
  useEffect(() => {
    if (drawn) document.documentElement.dataset.ready = 'true';
  }, [drawn]);
  if (!view) return null;
  return (
    <Words language={view.language} more={operatorMessages(view.language)}>
      <I18nProvider locale={localeOf(view.language)}>
        <OperatorPage key={view.page.page} view={view} />
      </I18nProvider>
    </Words>
  );
}
