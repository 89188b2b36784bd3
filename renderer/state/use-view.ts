import { useEffect } from 'react';
import { ask } from '../api.ts';
import { useFile } from './file-store.ts';
import { gatherFile } from './gather-file.ts';
import { useKiosk } from './kiosk-store.ts';

/** Listens for views, says when the first is drawn, and says each name of a screen once it has been painted. */
export function useViews(): void {
  useEffect(() => {
    const file = gatherFile(useFile.getState().takeAll);
    const stops = [window.loket.onKioskView(useKiosk.getState().takeView), window.loket.onFile(file.hear), file.stop];
    ask('screen.ready', {});
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
}

export function useShownReports(): void {
  const screen = useKiosk((state) => state.view?.screen.name);
  useEffect(() => {
    if (!screen) return;
    // The second frame begins after the first was painted.
    return afterPaint(() => {
      document.documentElement.dataset.ready = 'true';
      const revision = useKiosk.getState().view?.revision;
      if (revision !== undefined) ask('screen.shown', { screen, revision });
    });
  }, [screen]);
}

function afterPaint(then: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(then);
  });
  return () => cancelAnimationFrame(frame);
}

const activity = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Tells main that somebody is here: at once, and then at most once a second. */
export function useActivityReports(): void {
  useEffect(() => {
    let quietUntil = 0;
    const report = (event: Event) => {
      if (event.timeStamp < quietUntil) return;
      quietUntil = event.timeStamp + 1000;
      ask('screen.active', {});
    };
    for (const type of activity) window.addEventListener(type, report, { capture: true, passive: true });
    return () => {
      for (const type of activity) window.removeEventListener(type, report, { capture: true });
    };
  }, []);
}
