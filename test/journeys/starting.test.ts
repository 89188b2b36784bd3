import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleFolder } from '../../build/paths.ts';
import { type Runtime, readyRuntime } from '../../build/runtime.ts';
import { ensureDisplay } from '../harness/display.ts';
import { chooseSandbox } from '../harness/sandbox.ts';
import { type Product, startProduct } from '../harness/start-product.ts';
import { closeWorld, makeFolder, openWorld } from './stage.ts';

let runtime: Runtime;
let screen: Awaited<ReturnType<typeof ensureDisplay>>;

beforeAll(async () => {
  runtime = await readyRuntime();
  screen = await ensureDisplay();
});
afterAll(async () => {
  await closeWorld();
  await screen.stop();
});

/** The app with something wrong around it: `spoiled` is code that runs just before its own, in the same process. */
async function open({ spoiled = '', args = [], runDir = join(makeFolder(), 'run') }: Spoiling): Promise<Product> {
  const { edges } = await openWorld();
  const folder = makeFolder();
  const main = pathToFileURL(join(bundleFolder('demo'), 'main.js')).href;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'loket', type: 'module', main: 'main.js' }));
  writeFileSync(join(folder, 'main.js'), `import { app } from 'electron';\n${spoiled}\nawait import(${JSON.stringify(main)});\n`);
  const command = [runtime.executable, folder] as const;
  const app = startProduct({ command, runtime, edges, runDir, extraArgs: [...edges.appArgs, ...args], env: screen.env });
  onTestFinished(() => app.stop());
  return app;
}

type Spoiling = { spoiled?: string; args?: readonly string[]; runDir?: string };

describe('a first page that does not come', () => {
  it('because its renderer dies: card and line start, and the page comes back to them', async () => {
    const app = await open({
      spoiled: `app.once('web-contents-created', (_event, contents) =>
        contents.once('did-navigate', () => contents.forcefullyCrashRenderer()));`,
    });
    await app.waitForLog(({ event }) => event === 'card_module');
    await app.waitForLog(({ event }) => event === 'line_up');
    await app.waitForLog(({ event }) => event === 'first_screen_drawn');
    expect(app.log()).toContainEqual(expect.objectContaining({ event: 'renderer_gone', where: 'kiosk' }));
  });
});

describe('a folder for its data that', () => {
  it.each<[string, (runDir: string) => readonly string[]]>([
    [
      'is a file',
      (runDir) => {
        writeFileSync(join(runDir, 'data', 'loket'), '');
        return [];
      },
    ],
    [
      'lies in a file',
      (runDir) => {
        writeFileSync(join(runDir, 'file'), '');
        return ['--data', join(runDir, 'file', 'data')];
      },
    ],
  ])('%s: a sentence for whoever starts it, and no process stays', async (_what, spoil) => {
    const runDir = join(makeFolder(), 'run');
    mkdirSync(join(runDir, 'data'), { recursive: true });
    const app = await open({ runDir, args: spoil(runDir) });
    expect(await app.ended()).toEqual({ code: 2, said: expect.stringContaining('Loket cannot keep its data there: ') });
  });

  it('may not be written in: the same', async ({ skip }) => {
    skip(process.platform === 'win32' || chooseSandbox(runtime.executable).notice !== null, 'whoever runs this may write everywhere');
    const runDir = join(makeFolder(), 'run');
    mkdirSync(join(runDir, 'data'), { recursive: true, mode: 0o500 });
    const app = await open({ runDir });
    expect(await app.ended()).toEqual({ code: 2, said: expect.stringContaining('Loket cannot keep its data there: ') });
  });
});

describe('a mistake of its own', () => {
  it('before it has a log ends it, and standard error says of what kind it was', async () => {
    const app = await open({ spoiled: `app.setPath = () => { throw new RangeError('Lotte'); };` });
    expect(await app.ended()).toEqual({ code: 70, said: expect.stringContaining('because of a mistake of its own (RangeError).') });
  });

  it.each([
    ['while it starts', `app.getVersion = () => { throw new TypeError('Lotte'); };`],
    ['that nobody waits for', `app.once('browser-window-created', () => { Promise.reject(new TypeError('Lotte')); });`],
    ['in a callback', `app.once('browser-window-created', () => setTimeout(() => { throw new TypeError('Lotte'); }));`],
  ])('%s ends it, and its log says of what kind it was and no more', async (_when, spoiled) => {
    const app = await open({ spoiled });
    expect(await app.ended()).toMatchObject({ code: 70 });
    expect(app.log()).toContainEqual({ event: 'app_failed', kind: 'TypeError', at: expect.any(String) });
    expect(JSON.stringify(app.log())).not.toContain('Lotte');
  });
});
