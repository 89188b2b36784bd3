import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundle } from '../../build/bundle.ts';
import { type Build, bundleFolder } from '../../build/paths.ts';
import { type Runtime, readyRuntime } from '../../build/runtime.ts';
import { ensureDisplay } from '../harness/display.ts';
import { type Product, startProduct } from '../harness/start-product.ts';
import { closeWorld, makeFolder, openWorld } from './stage.ts';

let runtime: Runtime;
let screen: Awaited<ReturnType<typeof ensureDisplay>>;

beforeAll(async () => {
  await bundle();
  runtime = await readyRuntime();
  screen = await ensureDisplay();
});
afterAll(async () => {
  await closeWorld();
  await screen.stop();
});

async function open(build: Build, ...extraArgs: string[]): Promise<Product> {
  const { edges } = await openWorld();
  const command = [runtime.executable, bundleFolder(build)] as const;
  const app = startProduct({ command, runtime, edges, runDir: join(makeFolder(), 'run'), extraArgs, env: screen.env });
  onTestFinished(() => app.stop());
  return app;
}

const drawn = ({ event }: { event: string }) => event === 'first_screen_drawn';

// What Chromium itself makes of these words is part of the story: with it, each of them would open the pages.
const debugging = ['--remote-debugging-port=0', '-remote-debugging-port=0', ' -remote-debugging-port=0'];

it.each(debugging)('Chromium opens a debugging port for "%s"', async (word) => {
  const app = await open('demo', word);
  await app.waitForLog(({ event }) => event === 'card_module');
  await app.stop();
  expect((await app.ended()).said).toContain('DevTools listening on');
});

it.each([...debugging, '--no-sandbox', '--renderer-cmd-prefix=/bin/false', '--disable-web-security'])(
  'the product leaves before anything is opened for "%s", and says why',
  async (word) => {
    const app = await open('product', word);
    const started = app.waitForLog(drawn).then(() => 'it started' as const);
    const end = await Promise.race([app.ended(), started.catch(() => app.ended())]);
    expect(end).toEqual({ code: 2, said: expect.stringContaining(`It does not take ${word.trim().split('=')[0]}.`) });
    expect(end).toEqual({ code: 2, said: expect.not.stringContaining('DevTools listening on') });
    expect(app.log()).toEqual([]);
  },
);
