import type { Input, WebContents } from 'electron';
import { operatorViewChannel } from '../../contract/channels.ts';
import type { OperatorView } from '../../contract/operator.ts';
import { createPageOver, type PageOver, type PageOverParts } from './page-over.ts';
import { surfaceUrl } from './surfaces.ts';

export type OperatorPage = PageOver<OperatorView>;

/** The operator's page, over the kiosk's. When it breaks, the operator opens it again and signs in. */
export function createOperatorPage(parts: PageOverParts): OperatorPage {
  return createPageOver({ ...parts, url: surfaceUrl.operator, channel: operatorViewChannel });
}

/** Ctrl+Alt+L, on the kiosk's page and before it sees the key. By the key's place: on a Belgian keyboard Ctrl+Alt is AltGr. */
export function hearOperatorKeys(page: Pick<WebContents, 'on'>, open: () => void): void {
  page.on('before-input-event', (event, input) => {
    if (!isOperatorChord(input)) return;
    event.preventDefault();
    open();
  });
}

function isOperatorChord({ type, code, control, alt, shift, meta, isAutoRepeat }: Input): boolean {
  return type === 'keyDown' && code === 'KeyL' && control && alt && !shift && !meta && !isAutoRepeat;
}
