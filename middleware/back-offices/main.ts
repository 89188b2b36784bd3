import { parseArgs } from 'node:util';
import { makeBenchWorld } from './bench-world.ts';
import { makeDemoWorld } from './demo-world.ts';
import { startBackOffices } from './start.ts';

/**
 * 150 invented back offices on a port of this machine, for the demo and for measuring. Prints where they are; their list is
 * `sources.json` beside this file.
 */
const usage = 'node middleware/back-offices/main.ts [--port N] [--scene demo|bench] [--items N] [--seed WORD]';

function readScene() {
  const { port, scene, items, seed } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      scene: { type: 'string', default: 'demo' },
      items: { type: 'string', default: '3' },
      seed: { type: 'string', default: 'loket' },
    },
  }).values;
  if (scene !== 'demo' && scene !== 'bench') throw new Error(`There is no scene ${scene}.`);
  const world = scene === 'bench' ? makeBenchWorld({ itemsEach: Number(items) }) : makeDemoWorld({ seed });
  return { port: Number(port), world };
}

let scene: ReturnType<typeof readScene>;
try {
  scene = readScene();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : ''}\n${usage}\n`);
  process.exit(2);
}
const offices = await startBackOffices(scene.world, scene);
process.stdout.write(`listening ${offices.base}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void offices.close().then(() => process.exit(0)));
