import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { TerminalConfig } from '../../contract/terminal-config.ts';

const largestConfig = 256 * 1024;

/** Reads and checks the one file that configures this terminal. The error is a sentence for whoever installs it. */
export function readTerminalConfig(path: string): Result<TerminalConfig, string> {
  let written: string;
  try {
    written = readFileSync(path, 'utf8');
  } catch {
    return refuse(`The configuration file cannot be read: ${path}`);
  }
  if (written.length > largestConfig) return refuse(`The configuration file is larger than ${largestConfig} characters: ${path}`);
  let json: unknown;
  try {
    json = JSON.parse(written);
  } catch {
    return refuse(`The configuration file is not JSON: ${path}`);
  }
  const parsed = TerminalConfig.safeParse(json);
  if (!parsed.success) return refuse(`The configuration file has errors: ${path}\n${z.prettifyError(parsed.error)}`);
  return ok(parsed.data);
}
