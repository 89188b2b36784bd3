import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { keepFolder } from './keeper.ts';
import { root } from './paths.ts';
import { prepare } from './prepare.ts';
import { readOptions } from './read-options.ts';
import { runProgram, say, WorkStopped } from './run.ts';
import { runDemo } from './start/demo.ts';
import { hearSignals } from './start/stopping.ts';
import { watchTether } from './tether.ts';

/** `npm start`: the whole demo on this machine. With `--headless`, or where there is no screen, it does the main job itself. */
export type StartOptions = {
  headless: boolean;
  out: string;
  module: string | undefined;
  testRoots: string[];
  keep: string | undefined;
};

const usage = `npm start -- [--headless] [--out FOLDER] [--pkcs11-module FILE] [--test-root FILE.pem]… [--keep FOLDER]

  --headless            does the main job by itself and leaves pictures and report.json
  --out FOLDER          where it leaves them (out/report)
  --pkcs11-module FILE  uses this module, and the reader and card it shows, in place of the virtual card
  --test-root FILE.pem  believes this root besides those of the National Register; may be given several times
  --keep FOLDER         keeps the terminal's and the middleware's data there for the next start`;

function readStartOptions(): StartOptions {
  const { values } = readOptions(usage, {
    options: {
      headless: { type: 'boolean', default: false },
      out: { type: 'string' },
      'pkcs11-module': { type: 'string' },
      'test-root': { type: 'string', multiple: true, default: [] },
      keep: { type: 'string' },
    },
  });
  const path = (given: string | undefined) => (given === undefined ? undefined : resolve(given));
  for (const file of [values['pkcs11-module'], ...values['test-root']]) {
    if (file !== undefined && !existsSync(file)) throw new WorkStopped(`There is no such file: ${file}`);
  }
  for (const file of values['test-root']) mustBeCertificate(file);
  return {
    headless: values.headless || (process.platform === 'linux' && !process.env.DISPLAY),
    out: path(values.out) ?? join(root, 'out/report'),
    module: path(values['pkcs11-module']),
    testRoots: values['test-root'].map((file) => resolve(file)),
    keep: path(values.keep),
  };
}

function mustBeCertificate(file: string): void {
  try {
    new X509Certificate(readFileSync(file));
  } catch {
    throw new WorkStopped(`This is no certificate (PEM): ${file}`);
  }
}

async function runHeadless({ out, module, testRoots }: StartOptions): Promise<number> {
  const { ensureDisplay } = await import('../test/harness/display.ts');
  const { runMainJob } = await import('../test/harness/main-job.ts');
  const stopping = hearSignals();
  const display = await ensureDisplay(undefined, true);
  try {
    stopping.signal.throwIfAborted();
    Object.assign(process.env, display.env);
    say('Doing the main job: two requests, the line cut and restored.');
    const { ok } = await runMainJob({ out, ...(module === undefined ? {} : { module }), testRoots, say, stop: stopping.signal });
    say(ok ? `Done. The pictures and report.json are in ${out}.` : `Not all of it happened: see report.json in ${out}.`);
    return ok ? 0 : 1;
  } catch (error) {
    // Whatever broke then, broke because everything was being ended.
    if (!stopping.signal.aborted) throw error;
    return stopping.exitCode();
  } finally {
    await display.stop();
    if (stopping.signal.aborted) say('Everything has stopped.');
  }
}

await runProgram(async () => {
  const options = readStartOptions();
  watchTether(() => process.kill(process.pid, 'SIGTERM'));
  await prepare(['demo'], { virtualCard: options.module === undefined });
  if (options.headless) return runHeadless(options);
  const folder = options.keep ?? keepFolder(await mkdtemp(join(tmpdir(), 'loket-demo-')));
  try {
    return await runDemo({ ...options, folder });
  } finally {
    if (options.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
});
