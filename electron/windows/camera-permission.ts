import { surfaceUrl } from './surfaces.ts';

/** What Electron tells of who asks for a camera, of a request (`mediaTypes`) and of a check (`mediaType`). */
export type MediaAsk = {
  permission: string;
  isMainFrame: boolean;
  requestingUrl?: string | undefined;
  mediaTypes?: readonly string[] | undefined;
  mediaType?: string | undefined;
};

/**
 * The kiosk's own page may see through the camera, and nothing else: no microphone, not the screen (a request for that names
 * no types), not the dock, which shares its session.
 */
export function maySeeThroughCamera({ permission, isMainFrame, requestingUrl, mediaTypes, mediaType }: MediaAsk): boolean {
  const asked = mediaTypes ?? (mediaType === undefined ? [] : [mediaType]);
  const video = asked.length === 1 && asked[0] === 'video';
  return permission === 'media' && isMainFrame && requestingUrl === surfaceUrl.kiosk && video;
}
