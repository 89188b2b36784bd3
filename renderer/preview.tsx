import { Language } from '../contract/language.ts';
import type { LoketApi } from '../contract/preload-api.ts';
import type { DisplaySettings } from '../contract/view.ts';
import { DockApp } from './dock-app.tsx';
import { someCatalogue } from './fixtures/catalogue.ts';
import { type DockFixtureName, dockViews } from './fixtures/dock-views.ts';
import { makeFakeLoket } from './fixtures/fake-loket.ts';
import { makeFilePush } from './fixtures/file-views.ts';
import { makeOperatorViews, operatorFixtureNames } from './fixtures/operator-views.ts';
import { makePinViews, pinFixtureNames } from './fixtures/pin-views.ts';
import { townMap } from './fixtures/town-map.ts';
import { fixtureNames, makeViews } from './fixtures/views.ts';
import { KioskApp } from './kiosk-app.tsx';
import { mount } from './mount.tsx';
import { OperatorApp } from './operator-app.tsx';
import { PinApp } from './pin-app.tsx';
import { type Overlay, useKiosk } from './state/kiosk-store.ts';

/**
 * Any page in a plain browser, for development: `?view=kept&lang=fr&text=3&theme=contrast`, `?dock=full`,
 * `?pin=wrong&lang=fr`, `?operator=status-trouble`, `?view=check&overlay=stop`,
 * `?view=catalogue&browse=search&query=verhius`. It is not bundled into any build of the app.
 */
const query = new URLSearchParams(location.search);
const dock = query.get('dock');
const pin = query.get('pin');
const operator = query.get('operator');
const language: Language = Language.options.find((option) => option === query.get('lang')) ?? 'nl';
const display = readDisplay();

if (dock !== null) void previewDock(dock);
else if (pin !== null) void previewPin(pin);
else if (operator !== null) void previewOperator(operator);
else void previewKiosk();

function readDisplay(): DisplaySettings {
  const sizes: DisplaySettings['text'][] = [1, 2, 3, 4];
  const text = sizes.find((size) => String(size) === query.get('text')) ?? 2;
  return { text, theme: query.get('theme') === 'contrast' ? 'contrast' : 'default' };
}

async function previewKiosk(): Promise<void> {
  await import('./styles/kiosk.css');
  const name = fixtureNames.find((candidate) => candidate === query.get('view')) ?? 'attract';
  give(
    makeFakeLoket({
      catalogue: someCatalogue(language),
      kiosk: { ...makeViews(language)[name], display },
      file: makeFilePush(name),
      map: townMap,
    }),
  );
  const overlays: Overlay[] = ['help', 'stop', 'not_me', 'language', 'display'];
  const overlay = overlays.find((candidate) => candidate === query.get('overlay'));
  const stop = useKiosk.subscribe((state) => {
    if (!state.view) return;
    stop();
    if (overlay) state.open(overlay);
    const browse = query.get('browse');
    if (browse === 'search' || browse === 'events') state.browse({ at: browse });
    if (browse === 'theme') state.browse({ at: 'theme', theme: 'environment_and_energy' });
    state.search(query.get('query') ?? '');
  });
  mount(<KioskApp />);
}

async function previewPin(name: string): Promise<void> {
  await import('./styles/pin-window.css');
  const fixture = pinFixtureNames.find((candidate) => candidate === name) ?? 'empty';
  give(makeFakeLoket({ pin: { ...makePinViews(language)[fixture], display } }));
  mount(<PinApp />);
}

async function previewOperator(name: string): Promise<void> {
  await import('./styles/operator-window.css');
  const fixture = operatorFixtureNames.find((candidate) => candidate === name) ?? 'sign-in';
  give(makeFakeLoket({ operator: { ...makeOperatorViews(language)[fixture], display } }));
  mount(<OperatorApp />);
}

async function previewDock(name: string): Promise<void> {
  document.documentElement.dataset.place = 'dock';
  await import('./styles/dock-window.css');
  give(makeFakeLoket({ dock: dockViews[name in dockViews ? (name as DockFixtureName) : 'full'] }));
  mount(<DockApp />);
}

function give(loket: LoketApi): void {
  Object.defineProperty(window, 'loket', { value: loket });
}
