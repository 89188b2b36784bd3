import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFolder } from '../../build/paths.ts';
import { closeWorld, openApp, openStage, openWorld, signIn } from './stage.ts';

afterAll(closeWorld);

describe('a page that turned hostile', () => {
  it('reaches no Node, no network, no other page, and no command that is not its own', async () => {
    const { card, person, app } = await openStage();
    await signIn({ card, person });
    const tried = await person.page.evaluate(async () => {
      const attempt = async (work: () => unknown) => {
        try {
          return await work();
        } catch {
          return 'refused';
        }
      };
      // biome-ignore lint/suspicious/noExplicitAny: a hostile page knows no types
      const loket = (window as any).loket;
      return {
        node: typeof (globalThis as Record<string, unknown>).require + typeof (globalThis as Record<string, unknown>).process,
        // From a timer: what the test itself evaluates is excused from the policy.
        eval: await new Promise((resolve) => setTimeout(() => attempt(() => new Function('return 1')()).then(resolve))),
        network: await attempt(() => fetch('https://localhost:1/').then(() => 'went out')),
        popup: await attempt(() => window.open('https://example.org') === null && 'refused'),
        apiKeys: Object.keys(loket).sort(),
        unknown: await attempt(() => loket.ask('outbox.empty', {})),
        dock: await attempt(() => loket.ask('dock.insert', { card: 'helene' })),
        pin: await attempt(() => loket.ask('pin.digit', { digit: '1' })),
        operator: await attempt(() => loket.ask('operator.export', {})),
        extra: await attempt(() => loket.ask('form.open', { product: 'street-defect', trust: 'signed' })),
        huge: await attempt(() => loket.ask('form.answer', { page: 'purpose', answers: { purpose: 'x'.repeat(1_000_000) } })),
        prototype: await attempt(() => loket.ask('__proto__', {})),
      };
    });
    expect(tried).toEqual({
      node: 'undefinedundefined',
      eval: 'refused',
      network: 'refused',
      popup: 'refused',
      apiKeys: ['ask', 'onCatalogue', 'onDockView', 'onFile', 'onKioskView', 'onMap', 'onOperatorView', 'onPinView'],
      operator: 'refused',
      pin: 'refused',
      unknown: 'refused',
      dock: 'refused',
      extra: 'refused',
      huge: 'refused',
      prototype: 'refused',
    });
    expect(app.kiosk.url()).toBe('app://loket/kiosk.html');
    const log = readFileSync(join(app.dataDir, 'loket', 'loket.log'), 'utf8');
    expect(log).toContain('ipc_refused');
    expect(log).not.toContain('helene');
  });

  it('cannot press what is covered', async () => {
    const { card, person } = await openStage();
    await signIn({ card, person });
    await person.pressNamed(/Attest van hoofdverblijfplaats/);
    await person.seeQuestion('Waarvoor hebt u het attest nodig?');
    card.remove();
    await person.see('cardOut.title');
    // biome-ignore lint/suspicious/noExplicitAny: a hostile page knows no types
    await person.page.evaluate(() => (window as any).loket.ask('form.answer', { page: 'purpose', answers: { purpose: 'work' } }));
    card.insert('lotte');
    await person.seeQuestion('Waarvoor hebt u het attest nodig?');
  });

  it('runs in a real sandbox, in a window that names nobody', async () => {
    const { card, person, app } = await openStage();
    await signIn({ card, person });
    const titles = await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getTitle()));
    expect(titles).toEqual(['Loket']);
    const pid = await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
    if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
  });
});

describe('the product build', () => {
  it.each([
    ['--pkcs11-module', '/any/module.so'],
    ['--test-root', '/any/root.pem'],
    ['--demo-edges', '/any/edges.json'],
  ])('refuses %s with a sentence', async (...extraArgs) => {
    const { edges } = await openWorld();
    const said = await openApp(edges, { build: 'product', extraArgs }).then(
      () => 'it opened',
      (error: Error) => error.message,
    );
    expect(said).toContain(`This is the product build: it does not take ${extraArgs[0]}`);
  });

  it('carries nothing of the demo', () => {
    const out = bundleFolder('product');
    const sources = readdirSync(out).filter((file) => /\.c?js$/.test(file));
    expect(sources).toContain('main.js');
    for (const file of sources) {
      const source = readFileSync(join(out, file), 'utf8');
      for (const word of ['dock.insert', 'LOKET_VIRTUAL_CARD', 'LOKET_SQLITE_BINDING', 'cardControl', 'Vandeputte'])
        expect([file, word, source.includes(word)]).toEqual([file, word, false]);
    }
    expect(execFileSync('ls', [join(out, 'renderer')], { encoding: 'utf8' })).not.toContain('dock');
  });
});
