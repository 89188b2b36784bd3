import { pinViewChannel } from '../../contract/channels.ts';
import type { PinView } from '../../contract/pin.ts';
import { createPageOver, type PageOver, type PageOverParts } from './page-over.ts';
import { surfaceUrl } from './surfaces.ts';

export type PinPage = PageOver<PinView>;

/** A page of its own for as long as somebody has to type a PIN. When it breaks, the question ends, and the kiosk says what to do. */
export function createPinPage(parts: PageOverParts): PinPage {
  return createPageOver({ ...parts, url: surfaceUrl.pin, channel: pinViewChannel });
}
