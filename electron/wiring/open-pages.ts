import type { BrowserWindow, Session } from 'electron';
import type { catalogueChannel, fileChannel, kioskViewChannel, mapChannel } from '../../contract/channels.ts';
import { type KioskCommand, type KioskInput, kioskCommands } from '../../contract/ipc.ts';
import { type OperatorCommand, type OperatorInput, operatorCommands } from '../../contract/operator.ts';
import { type PinCommand, type PinInput, pinCommands } from '../../contract/pin.ts';
import type { KioskNews } from '../kiosk-news.ts';
import type { Log } from '../log.ts';
import type { Prepared } from '../terminal/prepare-start.ts';
import { answerIpc } from '../windows/answer-ipc.ts';
import { type KeptPage, keepPage } from '../windows/keep-page.ts';
import { openKioskWindow } from '../windows/open-kiosk-window.ts';
import { createOperatorPage, hearOperatorKeys, type OperatorPage } from '../windows/operator-view.ts';
import { openPageSession } from '../windows/page-session.ts';
import { createPinPage, type PinPage } from '../windows/pin-view.ts';
import { surfaceUrl } from '../windows/surfaces.ts';
import type { Door } from '../windows/take-ask.ts';
import { preload, rendererFolder } from './places.ts';

const devTools = __LOKET_BUILD__ === 'demo';

type Channel = typeof catalogueChannel | typeof fileChannel | typeof kioskViewChannel | typeof mapChannel;

export type Pages = {
  window: BrowserWindow;
  page: KeptPage;
  pinPage: PinPage;
  operatorPage: OperatorPage;
  sessions: readonly [kiosk: Session, pin: Session, operator: Session];
  doors: Door[];
  /** Settles with the first load of the kiosk's page. */
  loaded: Promise<void>;
  /** To the kiosk's page, as long as there is one. */
  send(channel: Channel, content: unknown): void;
};

/** The kiosk's window, the page over it that takes a PIN, and what each of the two may ask. */
export function openPages({ config }: Prepared, log: Log, news: KioskNews): Pages {
  const sessions = [
    openPageSession('kiosk', rendererFolder),
    openPageSession('pin', rendererFolder),
    openPageSession('operator', rendererFolder),
  ] as const;
  const [memory, pinMemory, operatorMemory] = sessions;
  const window = openKioskWindow({ session: memory, preload, fullScreen: config.screen.kiosk, devTools });
  const pinPage = createPinPage({
    window,
    session: pinMemory,
    preload,
    devTools,
    onGone: () => {
      log('renderer_gone', { where: 'pin' });
      news.pinPageGone();
    },
  });
  const operatorPage = createOperatorPage({
    window,
    session: operatorMemory,
    preload,
    devTools,
    onGone: () => {
      log('renderer_gone', { where: 'operator' });
      news.desk.close();
    },
  });
  hearOperatorKeys(window.webContents, () => news.take('operator.open', {}));
  const doors: Door[] = [
    {
      surface: 'kiosk',
      contents: () => (window.isDestroyed() ? null : window.webContents),
      inputs: kioskCommands,
      take: (command, input) => news.take(command as KioskCommand, input as KioskInput<KioskCommand>),
    },
    {
      surface: 'pin',
      contents: () => pinPage.contents(),
      inputs: pinCommands,
      take: (command, input) => news.takePin(command as PinCommand, input as PinInput<PinCommand>),
    },
    {
      surface: 'operator',
      contents: () => operatorPage.contents(),
      inputs: operatorCommands,
      take: (command, input) => news.desk.take(command as OperatorCommand, input as OperatorInput<OperatorCommand>),
    },
  ];
  answerIpc(doors, log);
  const page = keepPage({
    contents: window.webContents,
    url: surfaceUrl.kiosk,
    onGone: () => log('renderer_gone', { where: 'kiosk' }),
  });
  // The page's own process takes as long to start as all that follows here: side by side, the kiosk invites sooner.
  const send: Pages['send'] = (channel, content) => {
    if (!window.isDestroyed()) window.webContents.send(channel, content);
  };
  return { window, page, pinPage, operatorPage, sessions, doors, loaded: page.load(), send };
}
