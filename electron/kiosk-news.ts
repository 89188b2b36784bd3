import type { OperatorDesk } from './operator/operator-desk.ts';
import type { Kiosk } from './visit/kiosk.ts';

/** What the other parts tell the kiosk, and the operator's desk. */
export type KioskNews = Pick<
  Kiosk,
  'take' | 'takePin' | 'pinPageGone' | 'cardChanged' | 'received' | 'refused' | 'redraw' | 'contentsReady'
> & { desk: Pick<OperatorDesk, 'open' | 'take' | 'close' | 'noteContact'> };

/**
 * Kiosk and desk are made of parts that tell them what happens, so they are made after those. The parts get `news`, which
 * passes everything on once both are connected. Nothing can happen before: all are made in one go.
 */
export function relayNews(): { news: KioskNews; connect(kiosk: Kiosk, desk: OperatorDesk): void } {
  let connected: { kiosk: Kiosk; desk: OperatorDesk } | null = null;
  const reach = () => {
    if (!connected) throw new Error('news before there was a kiosk');
    return connected;
  };
  return {
    news: {
      take: (command, input) => reach().kiosk.take(command, input),
      takePin: (command, input) => reach().kiosk.takePin(command, input),
      pinPageGone: () => reach().kiosk.pinPageGone(),
      cardChanged(state) {
        // Whoever puts a card in wants to begin, and sees the kiosk and not the operator's page.
        reach().desk.cardChanged(state);
        reach().kiosk.cardChanged(state);
      },
      received: (txId, receivedAt) => reach().kiosk.received(txId, receivedAt),
      refused: (txId) => reach().kiosk.refused(txId),
      redraw: () => reach().kiosk.redraw(),
      contentsReady: () => reach().kiosk.contentsReady(),
      desk: {
        open: () => reach().desk.open(),
        take: (command, input) => reach().desk.take(command, input),
        close: () => reach().desk.close(),
        noteContact: () => reach().desk.noteContact(),
      },
    },
    connect(kiosk, desk) {
      connected = { kiosk, desk };
    },
  };
}
