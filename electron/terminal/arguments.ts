import { parseArgs } from 'node:util';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { refuseProductWord } from './product-words.ts';

export type Arguments = {
  config: string | null;
  data: string | null;
  /** Those below exist in development, demo and test builds only. */
  demoEdges: string | null;
  module: string | null;
  testRoots: string[];
  /** A bundle of form definitions (JSON array) in place of the shipped one, for whoever writes forms. */
  forms: string | null;
};

/**
 * Reads the command line. What a product build believes is chosen by its configuration file, which belongs to whoever
 * administers the machine: it refuses the switches of the demo, and every other but its own (product-words.ts).
 */
export function readArguments(argv: readonly string[], build: 'demo' | 'product'): Result<Arguments, string> {
  const refused = build === 'product' ? refuseProductWord(argv) : null;
  if (refused) return refuse(refused);
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      data: { type: 'string' },
      'demo-edges': { type: 'string' },
      'pkcs11-module': { type: 'string' },
      'test-root': { type: 'string', multiple: true },
      forms: { type: 'string' },
    },
  });
  const roots = values['test-root'];
  return ok({
    config: text(values.config),
    data: text(values.data),
    demoEdges: text(values['demo-edges']),
    module: text(values['pkcs11-module']),
    forms: text(values.forms),
    testRoots: Array.isArray(roots) ? roots.filter((root) => typeof root === 'string') : [],
  });
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
