import { X509Certificate } from 'node:crypto';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import * as z from 'zod';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { bundledForms } from '../forms/bundled-forms.ts';
import { type Arguments, readArguments } from './arguments.ts';
import { readTerminalConfig } from './config.ts';
import { leave } from './leave.ts';

/** What is known before the first window: checked, and this process the only one that uses it. */
export type Prepared = {
  args: Arguments;
  config: TerminalConfig;
  testRoots: string[];
  forms: readonly unknown[];
  /** The folder of everything that this terminal keeps. */
  data: string;
};

/** Reads what the app is started with. Whatever is wrong ends it here, with a sentence for whoever starts it. */
export function prepareStart(build: 'demo' | 'product'): Prepared {
  const args = readArguments(process.argv.slice(1), build);
  if (!args.ok) return leave(args.error, 2);
  const { data, config: configFile, testRoots, forms } = args.value;
  if (data) app.setPath('userData', makeFolder(resolve(data)));
  const config = readTerminalConfig(configFile ?? join(app.getPath('userData'), 'loket.json'));
  if (!config.ok) return leave(config.error, 2);
  // Two apps would mean two writers of one queue and two users of one card reader.
  if (!app.requestSingleInstanceLock()) return leave('Loket is already running on this terminal: its window is shown instead.', 3);
  return {
    args: args.value,
    config: config.value,
    testRoots: testRoots.map((file) => readOrLeave(file, '--test-root', readCertificate)),
    forms: forms ? readOrLeave(forms, '--forms', readBundle) : bundledForms,
    data: makeFolder(join(app.getPath('userData'), 'loket')),
  };
}

/** `read` throws on a text that is not what it should be. */
export function readOrLeave<T>(file: string, name: string, read: (text: string) => T): T {
  try {
    return read(readFileSync(file, 'utf8'));
  } catch {
    return leave(`The file given with ${name} is missing or is not what it should be: ${file}`, 2);
  }
}

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // Without this, a folder of somebody else's looks to Chromium as if another instance were running.
    accessSync(path, constants.W_OK);
    return path;
  } catch {
    return leave(`Loket cannot keep its data there: ${path} is not a folder that it may write in.`, 2);
  }
}

function readCertificate(pem: string): string {
  return new X509Certificate(pem).toString();
}

function readBundle(text: string): unknown[] {
  return z.array(z.unknown()).parse(JSON.parse(text));
}
