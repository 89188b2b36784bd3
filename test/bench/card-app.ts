import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { bundleFolder } from '../../build/paths.ts';
import { runtimeEnvironment } from '../../build/runtime.ts';
import { type CardFigures, readCardFigures } from '../harness/card-figures.ts';
import type { Edges } from '../harness/edges.ts';
import type { PageClock } from '../harness/page-clock.ts';
import { type Ground, startWatched } from './watched-app.ts';

const Times = z.object({ identity: z.number(), all: z.number() });
/** When it was on the glass, by the system's clock: who the card says, and all of it with photo and proof. */
export type GlassTimes = z.infer<typeof Times>;

export type CardApp = {
  /** Watches the glass while `insert` puts a card in whose holder has this surname. */
  readCard(surname: string, insert: () => Promise<void>): Promise<GlassTimes>;
  /** Waits until nobody's visit is on the glass. */
  waitForAttract(): Promise<void>;
  /** What the app's log tells of the card that was put in then, by the system's clock. */
  figuresSince(inserted: number): CardFigures;
  end(): Promise<void>;
};

/** The whole app with its dock left out, as `npm run bench -- start` runs it. */
export async function startCardApp(edges: Edges, ground: Ground): Promise<CardApp> {
  const app = await startWatched(
    'app',
    {
      args: [bundleFolder('demo'), '--config', edges.configFile, ...edges.appArgs],
      env: { ...edges.env, ...runtimeEnvironment(ground.runtime) },
      address: /^app:\/\/loket\/kiosk\.html/,
    },
    ground,
  );
  return {
    async readCard(surname, insert) {
      await app.page.evaluate(watchGlass(surname));
      await insert();
      return Times.parse(await app.page.evaluate('window.benchCard'));
    },
    async waitForAttract() {
      // A visit's end loads the page anew, and whatever was asked of the page before it is never answered.
      while (await app.page.evaluate("'benchCard' in window")) await wait(10);
      await waitForScreen(app.page, 'attract');
    },
    figuresSince(inserted) {
      const figures = readCardFigures(join(ground.folder, 'app', 'data'), inserted);
      if (figures === null) throw new Error('the log tells of no card that was read');
      return figures;
    },
    end: () => app.end(),
  };
}

/**
 * Runs in the page. A view says what may be drawn now; the time is taken once the page holds it and a frame with it was
 * handed on. What is looked for is the surname and a photo, and not how this or that screen is built.
 */
function watchGlass(surname: string): string {
  return `(() => {
    const at = {};
    const asked = new Set();
    const afterFrame = (then) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = then;
      port2.postMessage(null);
    });
    window.benchCard = new Promise((resolve) => {
      const drawn = (what, isThere) => {
        if (asked.has(what)) return;
        asked.add(what);
        const look = () => {
          if (!isThere()) return requestAnimationFrame(look);
          afterFrame(() => {
            at[what] = performance.timeOrigin + performance.now();
            if (at.identity && at.all) { stop(); resolve(at); }
          });
        };
        look();
      };
      const namesPerson = () => document.body.textContent.includes(${JSON.stringify(surname)});
      const showsPhoto = () => [...document.images].some((image) => image.src.startsWith('data:image/') && image.complete && image.naturalWidth > 0);
      const stop = window.loket.onKioskView(({ screen }) => {
        if (screen.name !== 'identity') return;
        drawn('identity', namesPerson);
        if (screen.proof === 'proven' && screen.photo !== null) drawn('all', () => namesPerson() && showsPhoto());
      });
    });
    return true;
  })()`;
}

async function waitForScreen(page: PageClock, name: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const stop = window.loket.onKioskView(({ screen }) => { if (screen.name === ${JSON.stringify(name)}) { stop(); resolve(true); } });
    window.loket.ask('screen.ready', {});
  })`);
}
