import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { readTerminalConfig } from './config.ts';

describe('the command line', () => {
  it('of a demo build takes another module and further roots', () => {
    const read = readArguments(['--pkcs11-module', '/lib/a.so', '--test-root', 'a.pem', '--test-root=b.pem', '--no-sandbox', '.'], 'demo');
    expect(read).toEqual({
      ok: true,
      value: { config: null, data: null, demoEdges: null, module: '/lib/a.so', testRoots: ['a.pem', 'b.pem'], forms: null },
    });
  });

  it.each([
    ['--pkcs11-module=/lib/a.so'],
    ['--test-root', 'a.pem'],
    ['--demo-edges', 'e.json'],
    ['--forms', 'f.json'],
    ['--remote-debugging-port=0'],
    ['--inspect=0'],
  ])('of the product build refuses %s and says why', (...argv) => {
    const read = readArguments(['--config', 'c.json', ...argv], 'product');
    expect(read.ok ? '' : read.error).toContain(`does not take ${argv[0]?.split('=')[0]}`);
  });
});

describe('the configuration file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loket-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['is missing', null, 'cannot be read'],
    ['is no JSON', '{ terminal: kiosk }', 'not JSON'],
    ['is huge', `"${'x'.repeat(300_000)}"`, 'larger than'],
    ['names a middleware without TLS', JSON.stringify({ terminal: 'kiosk-2', middleware: { url: 'http://localhost' } }), 'middleware.url'],
  ])('%s: a sentence for whoever installs it', (_name, written, sentence) => {
    const file = join(folder, 'loket.json');
    if (written !== null) writeFileSync(file, written);
    const read = readTerminalConfig(file);
    expect(read.ok ? '' : read.error).toContain(sentence);
  });
});
