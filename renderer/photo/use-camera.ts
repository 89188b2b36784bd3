import { useEffect, useRef, useState } from 'react';
import type { CameraProblem } from '../../contract/camera.ts';
import { ask } from '../api.ts';

export type CameraState = { at: 'off'; problem: CameraProblem | null } | { at: 'starting' } | { at: 'on'; stream: MediaStream };

export type Camera = { state: CameraState; switchOn(): void; switchOff(problem?: CameraProblem): void };

/** Some drivers never answer. */
const startMs = 15_000;

/**
 * The kiosk's camera: on when somebody asks for it, and off at the latest when this page is left, covered or wiped, or another
 * window comes before it. Never its microphone.
 */
export function useCamera(): Camera {
  const [state, setState] = useState<CameraState>({ at: 'off', problem: null });
  const held = useRef<MediaStream | null>(null);
  /** Counts each switching: what an earlier one brings is let go. */
  const turn = useRef(0);

  function letGo(): number {
    stopTracks(held.current);
    held.current = null;
    turn.current += 1;
    return turn.current;
  }

  function switchOff(problem: CameraProblem | null = null): void {
    letGo();
    setState({ at: 'off', problem });
    // An operator hears of it: nobody else who comes here would do something about it.
    if (problem !== null) ask('form.camera', { problem });
  }

  function switchOn(): void {
    const mine = letGo();
    setState({ at: 'starting' });
    const timer = setTimeout(() => turn.current === mine && switchOff('failed'), startMs);
    openCamera()
      .then((stream) => {
        if (turn.current !== mine) return stopTracks(stream);
        held.current = stream;
        for (const track of stream.getVideoTracks()) track.addEventListener('ended', () => turn.current === mine && switchOff('gone'));
        setState({ at: 'on', stream });
        ask('form.camera', { problem: null });
      })
      .catch((error: unknown) => turn.current === mine && switchOff(problemOf(error)))
      .finally(() => clearTimeout(timer));
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: holds on to refs and a setter alone
  useEffect(() => {
    const isOn = () => held.current !== null;
    const leave = () => isOn() && switchOff();
    const hide = () => document.hidden && leave();
    window.addEventListener('blur', leave);
    document.addEventListener('visibilitychange', hide);
    return () => {
      window.removeEventListener('blur', leave);
      document.removeEventListener('visibilitychange', hide);
      letGo();
    };
  }, []);

  return { state, switchOn, switchOff };
}

/** Paper wants pixels; a camera that has fewer gives what it has. */
async function openCamera(): Promise<MediaStream> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (!mediaDevices) throw new DOMException('no camera here', 'NotFoundError');
  return await mediaDevices.getUserMedia({ audio: false, video: { width: { ideal: 2560 }, height: { ideal: 1920 } } });
}

function stopTracks(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Media Capture and Streams (W3C), getUserMedia(), step 10. */
function problemOf(error: unknown): CameraProblem {
  switch (Object(error).name) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'none';
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotReadableError':
      return 'busy';
    default:
      return 'failed';
  }
}
