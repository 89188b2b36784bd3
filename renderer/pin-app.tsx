import { useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { PinView } from '../contract/pin.ts';
import { localeOf } from './i18n/messages.ts';
import { Words } from './i18n/words.tsx';
import { askPin } from './pin/ask-pin.ts';
import { PinPage } from './pin/pin-page.tsx';
import { useCalibration, useDisplay } from './state/use-calibration.ts';

/** The PIN's own window. It knows a product, a language and how many digits there are; no name, no form, no digit. */
export function PinApp() {
  const [view, setView] = useState<PinView | null>(null);
  useEffect(() => {
    const stop = window.loket.onPinView((next) => setView((now) => (now && next.revision < now.revision ? now : next)));
    askPin('pin.ready', {});
    return stop;
  }, []);
  useCalibration(view?.pxPerMm);
  useDisplay(view?.language, view?.display);
  const drawn = view !== null;
  useEffect(() => {
    if (drawn) document.documentElement.dataset.ready = 'true';
  }, [drawn]);
  if (!view) return null;
  return (
    <Words language={view.language}>
      <I18nProvider locale={localeOf(view.language)}>
        <PinPage key={view.state} view={view} />
      </I18nProvider>
    </Words>
  );
}
