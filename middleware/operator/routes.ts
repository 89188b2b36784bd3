import type { App } from '../http/app.ts';
import { addArrivalsPage } from './arrivals-page.ts';
import { addDoor } from './door.ts';
import { addExportsPage, type CarriedParts } from './exports-page.ts';
import { addHeldPage, type HeldPageParts } from './held-page.ts';
import { addOperatorsPages } from './operators-page.ts';
import { addPasswordPage, addSignInPages, type SignInPageParts } from './sign-in-pages.ts';
import { addSourcesPage, type SourcesPageParts } from './sources-page.ts';
import { addTerminalPages, type TerminalPageParts } from './terminal-pages.ts';

export type OperatorParts = SignInPageParts & TerminalPageParts & HeldPageParts & CarriedParts & SourcesPageParts & { demo: boolean };

/** The pages for staff of the middleware, in Dutch and French. Nothing in them names a citizen. */
export function addOperator(app: App, parts: OperatorParts): void {
  addDoor(app, parts, (door) => {
    addSignInPages(door, parts);
    addPasswordPage(door, parts);
    addArrivalsPage(door, parts);
    addTerminalPages(door, parts);
    addHeldPage(door, parts);
    addSourcesPage(door, parts);
    addExportsPage(door, parts);
    addOperatorsPages(door, parts);
  });
}
