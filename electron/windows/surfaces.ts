/** The pages that there are. */
export type Surface = 'kiosk' | 'pin' | 'operator' | 'dock';

export const surfaceUrl: Record<Surface, string> = {
  kiosk: 'app://loket/kiosk.html',
  pin: 'app://loket/pin.html',
  operator: 'app://loket/operator.html',
  dock: 'app://loket/dock.html',
};
