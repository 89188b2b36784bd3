import { useEffect, useState } from 'react';
import type { KioskView, PhotosView } from '../../contract/view.ts';
import { useKiosk } from '../state/kiosk-store.ts';
import { makeJpeg, makeThumbnail } from './take-picture.ts';

type SendingParts = { view: KioskView; page: string; field: string; photos: PhotosView; onEnd: () => void };

type Sent = { revision: number; before: readonly string[]; thumbnail: string | null };

/** Main answers at once that it seals; where it says nothing, nothing was added. */
const answerMs = 5_000;

/** Hands one photo at a time to main, until the view says what came of it. */
export function useSending({ view, page, field, photos, onEnd }: SendingParts) {
  const [sent, setSent] = useState<Sent | null>(null);
  const [failed, setFailed] = useState(false);
  const remember = useKiosk((state) => state.remember);

  const end = (lost: boolean) => {
    setSent(null);
    setFailed(lost);
    onEnd();
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: each view may bring the answer
  useEffect(() => {
    if (!sent || photos.sealing) return;
    const added = photos.ids.find((id) => !sent.before.includes(id));
    if (added !== undefined) {
      if (sent.thumbnail !== null) remember(added, sent.thumbnail);
      return end(false);
    }
    if (photos.problem !== null && view.revision > sent.revision) return end(false);
    const timer = setTimeout(() => end(true), answerMs);
    return () => clearTimeout(timer);
  }, [sent, view.revision]);

  return {
    busy: sent !== null,
    failed,
    send(picture: HTMLCanvasElement): void {
      setFailed(false);
      setSent({ revision: view.revision, before: photos.ids, thumbnail: makeThumbnail(picture) });
      makeJpeg(picture)
        .then((bytes) => (bytes === null ? end(true) : window.loket.ask('form.photo', { page, field, bytes })))
        .catch(() => end(true));
    },
  };
}
