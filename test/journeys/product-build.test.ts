import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { bundle } from '../../build/bundle.ts';
import { bundleFolder } from '../../build/paths.ts';
import { type Runtime, readyRuntime } from '../../build/runtime.ts';
import { TerminalConfig } from '../../contract/terminal-config.ts';
import { setState } from '../../native/virtual-card/reader.ts';
import { ensureDisplay } from '../harness/display.ts';
import type { Edges } from '../harness/edges.ts';
import { type LogLine, type Product, startProduct } from '../harness/start-product.ts';
import { closeWorld, makeFolder, openWorld } from './stage.ts';

/** The bundle that town halls get, on the real runtime; nobody can drive its pages, so its log and its streams tell. */
let runtime: Runtime;
let screen: Awaited<ReturnType<typeof ensureDisplay>>;

beforeAll(async () => {
  await bundle(['product']);
  runtime = await readyRuntime();
  screen = await ensureDisplay();
});
afterAll(async () => {
  await closeWorld();
  await screen.stop();
});

function open(edges: Edges, extraArgs: readonly string[] = []): Product {
  const command = [runtime.executable, bundleFolder('product')] as const;
  const product = startProduct({ command, runtime, edges, runDir: join(makeFolder(), 'run'), extraArgs, env: screen.env });
  onTestFinished(() => product.stop());
  return product;
}

/** All that a card and its reader leave in the log. */
const aboutCard = ({ event }: LogLine) => /^(card_|identity_shown|revocation|chip)/.test(event);

it('refuses a virtual card that its configuration names: not one call to the reader, whatever card is in it', async () => {
  const { edges, card } = await openWorld();
  expect(TerminalConfig.parse(JSON.parse(readFileSync(edges.configFile, 'utf8'))).card.module).toBe(edges.module);
  setState(edges.env.LOKET_VIRTUAL_CARD ?? '', { journal: 1 });
  card.insert('lotte');
  const product = open(edges);
  await product.waitForLog(aboutCard);
  await product.waitForLog(({ event }) => event === 'first_screen_drawn');
  await product.stop();

  expect(product.log().filter(aboutCard)).toEqual([
    expect.objectContaining({ event: 'card_event', name: 'module_refused', detail: 'virtual_card' }),
  ]);
  expect(product.log().at(-1)).toMatchObject({ event: 'app_stopped' });
  const calls = card.journal().flatMap((line) => (line.startsWith('call ') ? [line.slice('call '.length)] : []));
  expect(calls).toEqual(['C_Initialize', 'C_Finalize']);
});

it.each([
  ['--test-root', ({ edges }: { edges: Edges }) => edges.appArgs.at(-1) ?? ''],
  ['--pkcs11-module', ({ edges }: { edges: Edges }) => edges.module],
])('does not start with %s, and says why', async (word, value) => {
  const world = await openWorld();
  const product = open(world.edges, [word, value(world)]);
  const started = product.waitForLog(({ event }) => event === 'first_screen_drawn').then(() => 'it started' as const);
  const end = await Promise.race([product.ended(), started.catch(() => product.ended())]);
  expect(end).toEqual({ code: 2, said: expect.stringContaining(`This is the product build: it does not take ${word}.`) });
  expect(product.log()).toEqual([]);
});
