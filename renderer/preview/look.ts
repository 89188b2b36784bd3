import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import axe from 'axe-core';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { operatorFixtureNames } from '../fixtures/operator-views.ts';
import { pinFixtureNames } from '../fixtures/pin-views.ts';
import { fixtureNames } from '../fixtures/views.ts';
import { findLayoutProblems, rulesForText } from '../layout-rules.ts';
import { measurePage } from '../measure.ts';

/**
 * Draws every fixture in a real browser, in each language, theme and text size; takes a picture of each and holds it
 * against the layout rules, axe with its contrast rules, and the page's own content policy.
 *
 *   node renderer/preview/look.ts --out DIR [--views a,b] [--langs nl,fr] [--texts 1,2,3,4] [--themes default,contrast] [--chromium PATH]
 */
const { values: options } = parseArgs({
  options: {
    out: { type: 'string', default: 'out/look' },
    views: { type: 'string', default: fixtureNames.join(',') },
    overlays: { type: 'string', default: 'help,stop,not_me,language,display' },
    pins: { type: 'string', default: pinFixtureNames.join(',') },
    operators: { type: 'string', default: operatorFixtureNames.join(',') },
    browsing: { type: 'string', default: 'typed,mistyped,nothing,empty,theme,events' },
    langs: { type: 'string', default: 'nl,fr' },
    texts: { type: 'string', default: '1,2,3,4' },
    themes: { type: 'string', default: 'default,contrast' },
    things: { type: 'string', default: 'all' },
    profiles: { type: 'string', default: 'email,phone,post,interests,newsletter,use' },
    cameras: { type: 'string', default: 'live,look' },
    calendars: { type: 'string', default: 'month' },
    maps: { type: 'string', default: 'form-place,form-place-pointed' },
    docks: { type: 'string', default: 'full,empty,two-readers,unplugged,real-module' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'none'; base-uri 'none'; form-action 'none'";
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
const renderer = join(import.meta.dirname, '..');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** `press`: what a person presses before the picture is taken, one after the other. */
type Shot = { file: string; query: string; text: 1 | 2 | 3 | 4; dock: boolean; press: readonly string[] };

/** Where in the catalogue, and with what in the field. */
const browsingQueries: Record<string, string> = {
  typed: 'browse=search&query=v',
  mistyped: 'browse=search&query=recyclagepakr',
  nothing: 'browse=search&query=qzxqzx',
  empty: 'browse=search',
  theme: 'browse=theme',
  events: 'browse=events',
};

/** Of the profile's rows, in their order. */
const profileRows: Record<string, number> = { email: 1, phone: 2, post: 3, interests: 4, newsletter: 5, use: 6 };

/** To the live picture, and to the look at what was taken. */
const cameraPresses: Record<string, readonly string[]> = { live: ['.shot__on'], look: ['.shot__on', '.feet__go .btn--go'] };

async function bundlePreview(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'loket-preview-'));
  await build({
    root: renderer,
    base: './',
    logLevel: 'warn',
    configFile: false,
    build: { outDir, emptyOutDir: true, target: 'chrome130', rollupOptions: { input: join(renderer, 'preview.html') } },
  });
  return outDir;
}

function serve(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    try {
      const body = readFileSync(join(folder, path));
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain', 'content-security-policy': policy });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve({ url: `http://127.0.0.1:${address.port}/preview.html`, server });
    });
  });
}

function listShots(): Shot[] {
  const split = (list: string) => list.split(',').filter(Boolean);
  const views = split(options.views).map((view) => ({ name: view, query: `view=${view}` }));
  const browsing = split(options.browsing).map((name) => ({ name: `catalogue-${name}`, query: `view=catalogue&${browsingQueries[name]}` }));
  const overlays = split(options.overlays).map((overlay) => ({ name: `overlay-${overlay}`, query: `view=check&overlay=${overlay}` }));
  const pins = split(options.pins).map((pin) => ({ name: `pin-${pin}`, query: `pin=${pin}` }));
  const operators = split(options.operators).map((operator) => ({ name: `operator-${operator}`, query: `operator=${operator}` }));
  const cameras = split(options.cameras).map((stage) => ({
    name: `camera-${stage}`,
    query: 'view=photo-none',
    press: cameraPresses[stage] ?? [],
  }));
  const calendars = split(options.calendars).map((name) => ({
    name: `calendar-${name}`,
    query: 'view=question-date',
    press: ['.days .btn:last-child'],
  }));
  const profiles = ['profile', 'profile-changed'].flatMap((view) =>
    split(options.profiles).map((row) => ({
      name: `${view}-row-${row}`,
      query: `view=${view}`,
      press: [`.row:nth-child(${profileRows[row]}) .row__action button`],
    })),
  );
  const maps = split(options.maps).map((view) => ({ name: `map-${view}`, query: `view=${view}`, press: ['.place__map'] }));
  const things = ['file', 'file-print', 'file-phone', 'file-no-address'].map((view) => ({
    name: `thing-${view}`,
    query: `view=${view}`,
    press: ['.item .btn'],
  }));
  const missing = [
    { name: 'file-missing', query: 'view=file', press: ['.file__ways .btn:last-child'] },
    { name: 'file-kinds', query: 'view=file', press: ['.tools .btn:nth-child(4)'] },
  ];
  const plain = [...views, ...browsing, ...overlays, ...pins, ...operators].map((shot) => ({ ...shot, press: [] }));
  const shots = [
    ...plain,
    ...cameras,
    ...calendars,
    ...maps,
    ...profiles,
    ...(split(options.things).length > 0 ? [...things, ...missing] : []),
  ].flatMap(({ name, query, press }) =>
    split(options.langs).flatMap((lang) =>
      split(options.themes).flatMap((theme) =>
        split(options.texts).map((text): Shot => {
          const size = text === '1' ? 1 : text === '3' ? 3 : text === '4' ? 4 : 2;
          return {
            file: `${name}.${lang}.${theme}.${text}.png`,
            query: `${query}&lang=${lang}&theme=${theme}&text=${text}`,
            text: size,
            dock: false,
            press,
          };
        }),
      ),
    ),
  );
  const docks = split(options.docks).map(
    (dock): Shot => ({ file: `dock.${dock}.png`, query: `dock=${dock}`, text: 2, dock: true, press: [] }),
  );
  return [...shots, ...docks];
}

async function look(page: Page, url: string, shot: Shot, complain: (what: string) => void): Promise<void> {
  await page.setViewportSize(shot.dock ? { width: 420, height: 900 } : { width: 1080, height: 1920 });
  await page.goto(`${url}?${shot.query}`);
  await page.waitForSelector('html[data-ready="true"]');
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  if (/view=(reading|sign-(in-)?(preparing|working|checking))/.test(shot.query)) await page.waitForSelector('.later.is-shown');
  if (shot.query.includes('view=keeping')) await page.waitForSelector('.lead');
  if (shot.query.includes('view=sign-read-pdf')) await page.waitForSelector('.sheet canvas');
  if (shot.query.includes('view=sign-broken')) await page.waitForSelector('.calm');
  for (const button of shot.press) await page.click(button);
  if (shot.press.length > 0) await page.waitForSelector('.shot > *, .month, .map, .page--subject, .take, .rows, .tools__row + .tools__row');
  if (!shot.dock) {
    const problems = findLayoutProblems(await page.evaluate(measurePage), rulesForText[shot.text]);
    for (const { rule, what, mm } of problems) complain(`${rule}: ${what}${mm === undefined ? '' : ` (${mm.toFixed(2)} mm)`}`);
  }
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (tags) => {
    const found = await window.axe.run(document, {
      runOnly: { type: 'tag', values: tags },
      rules: { 'target-size': { enabled: true } },
    });
    return found.violations.map(({ id, nodes }) => `axe ${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`);
  }, axeTags);
  for (const violation of violations) complain(violation);
  await page.screenshot({ path: join(options.out, shot.file) });
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

const switches = ['--no-sandbox', '--force-color-profile=srgb'];
/** Chromium's own moving picture, and nobody to ask whether it may be seen. */
const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const folder = await bundlePreview();
const { url, server } = await serve(folder);
const browser = await chromium.launch({ executablePath: options.chromium, args: [...switches, ...camera] });
mkdirSync(options.out, { recursive: true });
const found: string[] = [];
try {
  const page = await (await browser.newContext({ reducedMotion: 'reduce', timezoneId: 'Europe/Brussels' })).newPage();
  let current = '';
  page.on('console', (message) => {
    if (message.type() === 'error') found.push(`${current} console: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.push(`${current} error: ${error.message}`));
  for (const shot of listShots()) {
    current = shot.file;
    await look(page, url, shot, (what) => found.push(`${shot.file} ${what}`));
  }
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
writeFileSync(join(options.out, 'problems.txt'), found.join('\n'));
console.log(found.length === 0 ? 'nothing wrong' : found.join('\n'));
process.exitCode = found.length === 0 ? 0 : 1;
