import { useLayoutEffect } from 'react';
import type { Language } from '../../contract/language.ts';
import type { DisplaySettings, KioskView } from '../../contract/view.ts';
import { localeOf } from '../i18n/messages.ts';

/** The kiosk's page: 21.5 inch, upright. */
export const pageSize = { width: 270, height: 480 } as const;

/** Pixels per millimetre at which a whole page fits the window. */
export function fitPage(window: { innerWidth: number; innerHeight: number }): number {
  return Math.min(window.innerWidth / pageSize.width, window.innerHeight / pageSize.height);
}

/** One number calibrates a glass; every length is a millimetre. Set through CSSOM, which the page's policy allows. */
export function useCalibration(pxPerMm: KioskView['pxPerMm'] | undefined): void {
  useLayoutEffect(() => {
    if (pxPerMm === undefined) return;
    const root = document.documentElement;
    const calibrate = () => root.style.setProperty('--px-per-mm', String(pxPerMm === 'fit' ? fitPage(window) : pxPerMm));
    root.dataset.glass = pxPerMm === 'fit' ? 'fit' : 'measured';
    calibrate();
    if (pxPerMm !== 'fit') return;
    window.addEventListener('resize', calibrate);
    return () => window.removeEventListener('resize', calibrate);
  }, [pxPerMm]);
}

export function useDisplay(language: Language | undefined, display: DisplaySettings | undefined): void {
  useLayoutEffect(() => {
    const root = document.documentElement;
    if (language) root.lang = localeOf(language);
    if (!display) return;
    root.dataset.text = String(display.text);
    root.dataset.theme = display.theme;
  }, [language, display]);
}
