import { useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { DockView } from '../contract/dock.ts';
import { askDock } from './api.ts';
import { Dock } from './dock/dock.tsx';
import { dockMessages } from './dock/dock-say.tsx';
import { localeOf } from './i18n/messages.ts';
import { Words } from './i18n/words.tsx';

/** The demo's small window, in Dutch: it is never part of what is installed. */
export function DockApp() {
  const [view, setView] = useState<DockView | null>(null);
  useEffect(() => {
    const stop = window.loket.onDockView(setView);
    askDock('dock.ready', {});
    return stop;
  }, []);
  useEffect(() => {
    if (view) document.documentElement.dataset.ready = 'true';
  }, [view]);
  if (!view) return null;
  return (
    <Words language="nl" more={dockMessages}>
      <I18nProvider locale={localeOf('nl')}>
        <Dock view={view} />
      </I18nProvider>
    </Words>
  );
}
