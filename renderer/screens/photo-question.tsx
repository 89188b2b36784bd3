import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { CameraProblem } from '../../contract/camera.ts';
import type { FieldView, KioskView, PhotosView } from '../../contract/view.ts';
import { ask } from '../api.ts';
import { Say, useText } from '../i18n/words.tsx';
import { LivePicture, PhotoList, StillPicture } from '../photo/pictures.tsx';
import { takePicture } from '../photo/take-picture.ts';
import { type Camera, useCamera } from '../photo/use-camera.ts';
import { useSending } from '../photo/use-sending.ts';
import { useKiosk } from '../state/kiosk-store.ts';
import type { QuestionView } from '../state/use-answers.ts';
import { Button } from '../ui/button.tsx';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Feet } from '../ui/feet.tsx';
import {
  ArrowCounterClockwiseIcon,
  ArrowLeftIcon,
  ArrowRightIcon,
  CameraIcon,
  CameraPlusIcon,
  CameraSlashIcon,
  CheckIcon,
  ShieldCheckIcon,
  WarningCircleIcon,
} from '../ui/icons.ts';
import { Care, Tip } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { Title } from '../ui/title.tsx';
import { useSummaryFocus } from '../ui/use-summary-focus.ts';
import { Waiting } from '../ui/waiting.tsx';
import { Where } from '../ui/where.tsx';
import { Who } from '../ui/who.tsx';

type PhotoProps = { view: KioskView; screen: QuestionView; field: FieldView; photos: PhotosView };

/** A paper, photographed page by page: the photos that are there, the live picture, a look at what was taken. */
export function PhotoQuestion(props: PhotoProps) {
  const { view, screen, field, photos } = props;
  const camera = useCamera();
  const [picture, setPicture] = useState<HTMLCanvasElement | null>(null);
  const covered = useKiosk((state) => state.overlay !== null);
  const finish = () => {
    setPicture(null);
    camera.switchOff();
  };
  const sending = useSending({ view, page: screen.page, field: field.name, photos, onEnd: finish });

  // What lies over the page hides the picture too: nobody is filmed behind a dialog.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when something comes to lie over the page
  useEffect(() => {
    if (covered && camera.state.at !== 'off') camera.switchOff();
  }, [covered]);

  if (picture && sending.busy) return <Sealing {...props} picture={picture} />;
  if (picture) return <Look {...props} picture={picture} onAgain={() => setPicture(null)} onUse={() => sending.send(picture)} />;
  if (camera.state.at !== 'off') return <Live {...props} camera={camera} onTake={setPicture} />;
  return <Photos {...props} problem={camera.state.problem} failed={sending.failed} onCamera={camera.switchOn} />;
}

function Frame({ view, screen, feet, children }: Pick<PhotoProps, 'view' | 'screen'> & { feet: ReactNode; children: ReactNode }) {
  return (
    <Page who={<Who view={view} />} where={<Where step={screen.step} />} feet={<Feet view={view}>{feet}</Feet>}>
      {children}
    </Page>
  );
}

type PhotosProps = PhotoProps & { problem: CameraProblem | null; failed: boolean; onCamera: () => void };

/** What is there already, the way to the camera, and always the way on. */
function Photos({ view, screen, field, photos, problem, failed, onCamera }: PhotosProps) {
  const text = useText();
  const summary = useRef<HTMLDivElement>(null);
  const wrong = field.error !== null;
  const sent = useSummaryFocus(view.revision, wrong, summary);
  const count = photos.ids.length;
  const next = () => {
    sent();
    ask('form.answer', { page: screen.page, answers: {} });
  };
  const remove = (photo: string) => ask('form.photo_remove', { page: screen.page, field: field.name, photo });
  return (
    <Frame
      view={view}
      screen={screen}
      feet={
        <>
          <Button size="big" before={ArrowLeftIcon} onPress={() => ask('form.back', {})}>
            <Say id="button.back" />
          </Button>
          <Button size="big" kind="go" spread after={ArrowRightIcon} onPress={next}>
            {count > 0 ? (
              <Say id="photo.nextWith" values={{ count }} />
            ) : (
              <Say id={photos.needed || photos.desk === 'chosen' ? 'button.next' : 'photo.nextWithout'} />
            )}
          </Button>
        </>
      }
    >
      {wrong && <ErrorSummary ref={summary} fields={[field]} others={screen.step.at > 1} onMend={onCamera} />}
      <Title takesFocus={!wrong}>{screen.question}</Title>
      {screen.hint && <p className="question__hint">{screen.hint}</p>}
      <div className="answer">
        <p className="unseen" role="status">
          {count > 0 && <Say id="photo.count" values={{ count }} />}
        </p>
        <NotAdded problem={photos.problem ?? (failed ? 'storage_failed' : null)} />
        {photos.sealing && <Waiting label={text('photo.sealing.title')} />}
        {count > 0 && <PhotoList ids={photos.ids} onRemove={remove} />}
        <NoCamera problem={problem} needed={photos.needed} desk={view.desk} />
        {photos.room > 0 ? (
          <Button size="one" before={count > 0 ? CameraPlusIcon : CameraIcon} onPress={onCamera} className="shot__on">
            <Say id={problem ? 'photo.try' : count > 0 ? 'photo.more' : 'photo.on'} />
          </Button>
        ) : (
          <p>
            <Say id="photo.full" values={{ count }} />
          </p>
        )}
        {photos.desk === 'chosen' && (
          <Tip icon={CheckIcon}>
            <Say id="photo.toDeskChosen" />
          </Tip>
        )}
        {photos.desk === 'offered' && count === 0 && (
          <Button size="big" onPress={() => ask('form.answer', { page: screen.page, answers: { [field.name]: 'to-desk' } })}>
            <Say id="photo.toDesk" />
          </Button>
        )}
        <Tip icon={ShieldCheckIcon}>
          <Say id="photo.safe" />
        </Tip>
      </div>
    </Frame>
  );
}

function NotAdded({ problem }: { problem: PhotosView['problem'] }) {
  return (
    problem && (
      <Care icon={WarningCircleIcon} urgent>
        <Say id={`photo.problem.${problem}`} />
      </Care>
    )
  );
}

/** Nobody's fault here, and nobody is stopped by it. */
function NoCamera({ problem, needed, desk }: { problem: CameraProblem | null; needed: boolean; desk: string }) {
  return (
    problem && (
      <Care icon={CameraSlashIcon} urgent>
        <Say id={`photo.camera.${problem}`} /> <Say id={needed ? 'photo.camera.needed' : 'photo.camera.without'} values={{ desk }} />
      </Care>
    )
  );
}

/** A camera that is on and shows nothing is no camera. */
const pictureMs = 10_000;

function Live({ view, screen, camera, onTake }: PhotoProps & { camera: Camera; onTake: (picture: HTMLCanvasElement) => void }) {
  const { state, switchOff } = camera;
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const [shows, setShows] = useState(false);
  const take = () => {
    const picture = video.current && takePicture(video.current);
    if (picture) onTake(picture);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: from when it is on until it shows something
  useEffect(() => {
    if (state.at !== 'on' || shows) return;
    const timer = setTimeout(() => switchOff('failed'), pictureMs);
    return () => clearTimeout(timer);
  }, [state.at, shows]);

  return (
    <Frame
      view={view}
      screen={screen}
      feet={
        <>
          <Button size="big" before={CameraSlashIcon} onPress={() => switchOff()}>
            <Say id="photo.off" />
          </Button>
          {shows && (
            <Button size="big" kind="go" spread after={CameraIcon} onPress={take}>
              <Say id="photo.take" />
            </Button>
          )}
        </>
      }
    >
      <Title>
        <Say id="photo.live.title" />
      </Title>
      <p className="question__hint">
        <Say id="photo.live.lead" />
      </p>
      {!shows && <Waiting label={text('photo.starting')} />}
      {state.at === 'on' && <LivePicture stream={state.stream} video={video} onPicture={() => setShows(true)} />}
    </Frame>
  );
}

type LookProps = PhotoProps & { picture: HTMLCanvasElement; onAgain: () => void; onUse: () => void };

function Look({ view, screen, picture, onAgain, onUse }: LookProps) {
  return (
    <Frame
      view={view}
      screen={screen}
      feet={
        <>
          <Button size="big" before={ArrowCounterClockwiseIcon} onPress={onAgain}>
            <Say id="photo.again" />
          </Button>
          <Button size="big" kind="go" spread after={CheckIcon} onPress={onUse}>
            <Say id="photo.use" />
          </Button>
        </>
      }
    >
      <Title>
        <Say id="photo.look.title" />
      </Title>
      <p className="question__hint">
        <Say id="photo.look.lead" />
      </p>
      <StillPicture picture={picture} />
    </Frame>
  );
}

/** Nothing to press for the moment that it takes. */
function Sealing({ view, screen, picture }: PhotoProps & { picture: HTMLCanvasElement }) {
  const text = useText();
  return (
    <Frame view={view} screen={screen} feet={null}>
      <Title>
        <Say id="photo.sealing.title" />
      </Title>
      <p className="question__hint">
        <Say id="photo.sealing.lead" />
      </p>
      <Waiting label={text('photo.sealing.title')} />
      <StillPicture picture={picture} />
    </Frame>
  );
}
