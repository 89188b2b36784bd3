import { I18nProvider } from 'react-aria-components';
import { useCatalogueParts } from './catalogue/use-catalogue-parts.ts';
import { localeOf } from './i18n/messages.ts';
import { Words } from './i18n/words.tsx';
import { useMap } from './map/use-map.ts';
import { KioskScreen } from './screens/kiosk-screen.tsx';
import { Overlays } from './screens/overlays.tsx';
import { useKiosk } from './state/kiosk-store.ts';
import { useCalibration, useDisplay } from './state/use-calibration.ts';
import { useActivityReports, useShownReports, useViews } from './state/use-view.ts';

/** The kiosk's face: draws the newest view. */
export function KioskApp() {
  const view = useKiosk((state) => state.view);
  useViews();
  useCatalogueParts();
  useMap();
  useShownReports();
  useActivityReports();
  useCalibration(view?.pxPerMm);
  useDisplay(view?.language, view?.display);
  if (!view) return null;
  return (
    <Words language={view.language}>
      <I18nProvider locale={localeOf(view.language)}>
        <KioskScreen view={view} />
        <Overlays view={view} />
      </I18nProvider>
    </Words>
  );
}
