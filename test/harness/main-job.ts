import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkStopped } from '../../build/run.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { type Edges, startEdges } from './edges.ts';
import { type LaunchedApp, launchApp } from './launch.ts';
import { type MainJobReport, writeReport } from './main-report.ts';
import { type Story, tellStory } from './main-story.ts';

export type MainJobOptions = {
  /** Where the report and the pictures go. */
  out: string;
  /** A PKCS#11 module in place of the virtual card: whatever card its reader holds is the citizen's. */
  module?: string;
  testRoots?: readonly string[];
  say?: (sentence: string) => void;
  /** Ends everything as soon as it is aborted; then this rejects. */
  stop?: AbortSignal;
};

/**
 * The main job, in the real app: a certificate with the card while the line is cut, then delivered; a street defect
 * without a card; the card taken; and a search for what remains. Throws where a person would have been stuck.
 */
export async function runMainJob(options: MainJobOptions): Promise<MainJobReport> {
  const say = options.say ?? (() => undefined);
  const work = join(options.out, 'run');
  // Only what an earlier run left there: the folder is somebody's own.
  try {
    for (const left of ['run', 'pictures', 'report.json']) await rm(join(options.out, left), { recursive: true, force: true });
    await mkdir(work, { recursive: true });
  } catch {
    throw new WorkStopped(`The report cannot be written there: ${options.out}`);
  }
  const edges = await startEdges({
    dir: join(work, 'edges'),
    module: options.module,
    testRoots: options.testRoots,
    terminal: briskTerminal,
  });
  try {
    options.stop?.throwIfAborted();
    const app = await launchApp({ edges, runDir: join(work, 'app') });
    const told = await tellAndClose(app, edges, options, say);
    options.stop?.throwIfAborted();
    say('The app is closed. Searching everything it wrote for the person.');
    const report = await writeReport(told, app, edges, options);
    await writeFile(join(options.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    return report;
  } finally {
    await edges.stop();
  }
}

/** Waits short enough for a demonstration: a real kiosk asks for its line every half minute. */
export const briskTerminal: Partial<TerminalConfig> = { sync: { retryBaseMs: 200, retryCapMs: 1_000, healthMs: 1_000 } };

async function tellAndClose(app: LaunchedApp, edges: Edges, options: MainJobOptions, say: (sentence: string) => void): Promise<Story> {
  // Without the app no step of the story can go on, so that it ends at once.
  const close = () => void app.close();
  options.stop?.addEventListener('abort', close);
  try {
    options.stop?.throwIfAborted();
    return await tellStory(app, edges, { pictures: join(options.out, 'pictures'), say });
  } catch (error) {
    if (options.stop?.aborted) throw error;
    const picture = join(options.out, 'pictures', 'stuck.png');
    await app.kiosk.screenshot({ path: picture }).catch(() => undefined);
    throw new WorkStopped(`The main job got stuck; the page is in ${picture}.\n${error instanceof Error ? error.message : String(error)}`);
  } finally {
    options.stop?.removeEventListener('abort', close);
    await app.close();
  }
}
