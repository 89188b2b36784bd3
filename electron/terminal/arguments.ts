import { parseArgs } from 'node:util';
import { ok, type Result, refuse } from '../../contract/result.ts';

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

const demoOnly = ['demo-edges', 'pkcs11-module', 'test-root', 'forms'] as const;

/**
 * Reads the command line. A product build refuses the switches of the demo (another module, further roots) and those
 * that open its pages to another program. What it believes is chosen by its configuration file, which belongs to whoever
 * administers the machine.
 */
export function readArguments(argv: readonly string[], build: 'demo' | 'product'): Result<Arguments, string> {
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
  if (build === 'product') {
    const refused = demoOnly.find((name) => values[name] !== undefined);
    if (refused) return refuse(`This is the product build: it does not take --${refused}. Use a demo build to try other cards.`);
    const debugging = argv.find((word) => /^--(remote-debugging|remote-allow-origins|inspect|js-flags)/.test(word));
    if (debugging) return refuse(`This is the product build: it lets nobody look into its pages. It does not take ${debugging}.`);
  }
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
