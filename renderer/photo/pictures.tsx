import { type RefObject, useEffect, useRef } from 'react';
import { Say, useText } from '../i18n/words.tsx';
import { useKiosk } from '../state/kiosk-store.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { FileTextIcon, TrashIcon } from '../ui/icons.ts';
import { names } from '../ui/names.ts';

type LivePictureProps = { stream: MediaStream; video: RefObject<HTMLVideoElement | null>; onPicture: () => void };

/** What the camera sees now. `onPicture`: it sees something. */
export function LivePicture({ stream, video, onPicture }: LivePictureProps) {
  const text = useText();
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    return () => {
      element.srcObject = null;
    };
  }, [stream, video]);
  return (
    <div className="shot">
      {/* Without sound, so there is nothing to caption. */}
      <video ref={video} muted autoPlay playsInline aria-label={text('photo.live.picture')} onLoadedData={onPicture} />
    </div>
  );
}

/** The picture that was taken, as it will be sent. */
export function StillPicture({ picture }: { picture: HTMLCanvasElement }) {
  const text = useText();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.replaceChildren(picture), [picture]);
  return <div className="shot" ref={frame} role="img" aria-label={text('photo.look.picture')} />;
}

type PhotoListProps = { ids: readonly string[]; onRemove: (id: string) => void };

/** The photos that are there. After the page came back from a crash it knows how many, and not what is on them. */
export function PhotoList({ ids, onRemove }: PhotoListProps) {
  const text = useText();
  const thumbnails = useKiosk((state) => state.thumbnails);
  return (
    <ul className={names('shots', ids.length > 3 && 'shots--many')} aria-label={text('photo.list')}>
      {ids.map((id, index) => (
        <li key={id} className="shots__one">
          <div className="shots__picture">
            {thumbnails[id] === undefined ? (
              <Icon of={FileTextIcon} />
            ) : (
              <img src={thumbnails[id]} alt={text('photo.name', { at: index + 1 })} />
            )}
          </div>
          <Button size="small" before={TrashIcon} onPress={() => onRemove(id)} aria-label={text('photo.removeName', { at: index + 1 })}>
            <Say id="photo.remove" />
          </Button>
        </li>
      ))}
    </ul>
  );
}
