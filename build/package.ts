import { join, relative } from 'node:path';
import { build } from 'electron-builder';
import { describePackage, outputFolder } from './package/config.ts';
import { stageProduct } from './package/stage.ts';
import { sizeOf, tryPackage, verifyPackage } from './package/verify.ts';
import { root } from './paths.ts';
import { prepare } from './prepare.ts';
import { readOptions } from './read-options.ts';
import { runProgram, say } from './run.ts';

const usage = `npm run package

Packs the product for this machine into dist/, unpacked, and starts it once. It takes no options.`;

/** `npm run package`: the product for this machine, unpacked and hardened, read back and started once. */
const places: Readonly<Record<string, { folder: string; executable: string; resources: string }>> = {
  linux: { folder: 'linux-unpacked', executable: 'loket', resources: 'resources' },
  win32: { folder: 'win-unpacked', executable: 'loket.exe', resources: 'resources' },
  darwin: {
    folder: process.arch === 'arm64' ? 'mac-arm64' : 'mac',
    executable: 'Loket.app/Contents/MacOS/Loket',
    resources: 'Loket.app/Contents/Resources',
  },
};

await runProgram(async () => {
  readOptions(usage, {});
  const runtime = await prepare(['product'], { virtualCard: true });
  const place = places[process.platform];
  if (place === undefined) throw new Error(`no packages are made on ${process.platform}`);
  say('Packing the product.');
  await build({ projectDir: root, config: describePackage(runtime, await stageProduct()), publish: 'never' });
  const folder = join(outputFolder, place.folder);
  const executable = join(folder, place.executable);
  await verifyPackage(executable, join(folder, place.resources));
  say('Starting it once.');
  await tryPackage(executable, runtime);
  say(`The product is in ${relative(root, folder)} (${Math.round((await sizeOf(folder)) / 2 ** 20)} MiB). Its first screen was drawn.`);
  if (runtime.kind === 'test') say(`It holds Electron ${runtime.version}, which is out of support: do not install it anywhere.`);
  return 0;
});
