import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { readTerminalConfig } from './config.ts';
import { refuseProductWord } from './product-words.ts';

describe('the command line', () => {
  it('of a demo build takes another module and further roots', () => {
    const read = readArguments(['--pkcs11-module', '/lib/a.so', '--test-root', 'a.pem', '--test-root=b.pem', '--no-sandbox', '.'], 'demo');
    expect(read).toEqual({
      ok: true,
      value: { config: null, data: null, demoEdges: null, module: '/lib/a.so', testRoots: ['a.pem', 'b.pem'], forms: null },
    });
  });

  it('of the product build takes where its configuration and its data are', () => {
    const value = { config: 'c.json', data: '/var/lib/loket', demoEdges: null, module: null, testRoots: [], forms: null };
    expect(readArguments(['--config', 'c.json', '--data', '/var/lib/loket'], 'product')).toEqual({ ok: true, value });
    expect(readArguments(['app', '--updated', '--data=/var/lib/loket', '--config=c.json'], 'product')).toEqual({ ok: true, value });
  });

  it.each([
    ['--pkcs11-module=/lib/a.so'],
    ['--test-root', 'a.pem'],
    ['--demo-edges', 'e.json'],
    ['--forms', 'f.json'],
    ['--remote-debugging-port=0'],
    ['-remote-debugging-port=9398'],
    ['--Remote-Debugging-Pipe'],
    ['--inspect=0'],
    ['--renderer-cmd-prefix=/bin/a'],
    ['--utility-cmd-prefix=/bin/a'],
    ['--no-sandbox'],
    ['--disable-web-security'],
    ['--log-net-log=a.json'],
    ['--auto-open-devtools-for-tabs'],
    ['--enable-features=A'],
    ['--configs=c.json'],
    ['-config=c.json'],
    ['--CONFIG=c.json'],
    ['--updated=1'],
    ['-r', 'a.cjs'],
    ['--', 'a'],
    ['-'],
  ])('of the product build refuses %s and says so', (...argv) => {
    const read = readArguments(['--config', 'c.json', ...argv], 'product');
    expect(read.ok ? '' : read.error).toContain(`does not take ${argv[0]?.split('=')[0]}.`);
  });

  it.each([
    ['white space before it, which Chromium drops', ' --no-sandbox'],
    ['a control character before it', '\u0085-no-sandbox'],
    ['a tabulator before it', '\t--no-sandbox'],
  ])('of the product build refuses a switch with %s', (_what, word) => {
    const read = readArguments([word], 'product');
    expect(read.ok ? '' : read.error).toMatch(/does not take \??-{1,2}no-sandbox\./);
  });

  it.each([
    [['--config', '--no-sandbox']],
    [['--data', ' -no-sandbox']],
    [['--config']],
    [['--data', '']],
    [['--data=']],
    [['--config=--data']],
  ])('of the product build takes no switch for a path: %j', (argv) => {
    expect(readArguments(argv, 'product')).toEqual({ ok: false, error: `${argv[0]?.split('=')[0]} needs a path after it.` });
  });

  it('on Windows has switches with a slash too', () => {
    expect(refuseProductWord(['C:\\app', '/remote-debugging-port=1'], 'win32')).toContain('does not take /remote-debugging-port.');
    expect(refuseProductWord(['--data', '/no-sandbox'], 'win32')).toBe('--data needs a path after it.');
    expect(refuseProductWord(['/opt/app', '--data', '/var/lib/loket'], 'linux')).toBeNull();
  });

  it('is repeated to nobody’s terminal as it came: no value, nothing a terminal obeys, not at length', () => {
    const said = refuseProductWord([`--\u001b[2Jx${'y'.repeat(500)}=secret`]) ?? '';
    expect(said).toContain('does not take --?[2Jx');
    expect(said.length).toBeLessThan(200);
    expect(said).not.toContain('secret');
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
