/** The pages that there are. */
export type Surface = 'kiosk' | 'pin' | 'dock';

export const surfaceUrl: Record<Surface, string> = {
  kiosk: 'app://loket/kiosk.html',
  pin: 'app://loket/pin.html',
  dock: 'app://loket/dock.html',
};
