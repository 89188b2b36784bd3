import type { Kiosk } from './visit/kiosk.ts';

/** What the other parts tell the kiosk. */
export type KioskNews = Pick<Kiosk, 'take' | 'takePin' | 'pinPageGone' | 'cardChanged' | 'received' | 'refused' | 'redraw'>;

/**
 * The kiosk is made of parts that tell it what happens, so it is made after them. They get `news`, which passes everything
 * on once the kiosk is connected. Nothing can happen before: all are made in one go.
 */
export function relayNews(): { news: KioskNews; connect(kiosk: KioskNews): void } {
  let connected: KioskNews | null = null;
  const kiosk = () => {
    if (!connected) throw new Error('news before there was a kiosk');
    return connected;
  };
  return {
    news: {
      take: (command, input) => kiosk().take(command, input),
      takePin: (command, input) => kiosk().takePin(command, input),
      pinPageGone: () => kiosk().pinPageGone(),
      cardChanged: (state) => kiosk().cardChanged(state),
      received: (txId, receivedAt) => kiosk().received(txId, receivedAt),
      refused: (txId) => kiosk().refused(txId),
      redraw: () => kiosk().redraw(),
    },
    connect(real) {
      connected = real;
    },
  };
}
