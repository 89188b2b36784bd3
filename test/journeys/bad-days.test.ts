import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { bundledForms } from '../../electron/forms/bundled-forms.ts';
import { words } from '../harness/person.ts';
import { closeWorld, fillCertificate, fillDefect, makeFolder, openApp, openStage, openWorld, signIn } from './stage.ts';

afterAll(closeWorld);

it('a second instance leaves with a sentence, and the first goes on', async () => {
  const { edges, card, person, app } = await openStage();
  await person.see('attract.title');
  const second = await openApp(edges, { dataDir: app.dataDir }).then(
    () => 'it opened',
    (error: Error) => error.message,
  );
  expect(second).toContain('already running');
  await signIn({ card, person });
});

it('a form with an error is named at its product, and the others work', async () => {
  const { edges } = await openWorld();
  const dir = makeFolder();
  const forms = join(dir, 'forms.json');
  writeFileSync(forms, JSON.stringify([{ ...(bundledForms[0] as object), pages: 'none' }, ...bundledForms.slice(1)]));
  const { person } = await openApp(edges, { extraArgs: ['--forms', forms] });
  await person.see('attract.title');
  await person.press('attract.begin');
  await person.see('catalogue.title');
  await person.page.getByText(words['catalogue.broken']).waitFor();
  await fillDefect(person);
});

it.runIf(process.getuid?.() === 0)(
  'a full disk: said before anything is promised, the answers stay, and it works when there is room',
  async () => {
    const { edges, card, arrivals } = await openWorld();
    const dir = makeFolder();
    const data = join(dir, 'data');
    mkdirSync(data);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=777', 'tmpfs', data]);
    onTestFinished(() => void spawnSync('umount', ['-l', data]));
    const { person } = await openApp(edges, { dataDir: data });
    await signIn({ card, person });
    await fillCertificate(person);
    const ballast = fillDisk(data);
    await person.press('check.send');
    await person.page.getByText(/nog niet bewaard/).waitFor();
    rmSync(ballast);
    await person.pressNamed(new RegExp(`${words['check.send']}|${words['check.keep']}`));
    await person.see('kept.title.received');
    await expect.poll(async () => (await arrivals()).map(({ copies }) => copies)).toEqual([1]);
  },
);

/** Writes until there is no byte left. */
function fillDisk(folder: string): string {
  const file = join(folder, 'ballast');
  spawnSync('dd', ['if=/dev/zero', `of=${file}`, 'bs=4k', 'oflag=sync'], { stdio: 'ignore' });
  return file;
}

it('an outbox that the disk does not let be opened: the kiosk says so before anybody types, and is back by itself', async () => {
  const { edges, card } = await openWorld();
  const data = join(makeFolder(), 'data');
  mkdirSync(join(data, 'loket'), { recursive: true });
  const folder = join(data, 'loket', 'outbox');
  writeFileSync(folder, 'a letter, not a folder');
  const { person } = await openApp(edges, { dataDir: data });
  await person.see('broken.title');
  card.insert('lotte');
  await person.see('broken.title');
  expect(readFileSync(folder, 'utf8')).toBe('a letter, not a folder');
  card.remove();
  rmSync(folder);
  await person.see('attract.title', 60_000);
  await signIn({ card, person });
});

it('an outbox that is not one is set aside, and the kiosk serves with another', async () => {
  const { edges, card } = await openWorld();
  const data = join(makeFolder(), 'data');
  const folder = join(data, 'loket', 'outbox');
  mkdirSync(folder, { recursive: true });
  const letter = 'a letter, not a database '.repeat(200);
  writeFileSync(join(folder, 'outbox.db'), letter);
  const { person } = await openApp(edges, { dataDir: data });
  await signIn({ card, person });
  expect(readFileSync(join(folder, 'set-aside', '0001', 'outbox.db'), 'utf8')).toBe(letter);
});

it('a page that crashes comes back where the person was', async () => {
  const { card, person, app } = await openStage();
  await signIn({ card, person });
  // Asked for from a timer: the answer to this call travels through the page that is about to die.
  await app.app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(), 50);
  });
  await expect.poll(() => readFileSync(join(app.dataDir, 'loket', 'loket.log'), 'utf8'), { timeout: 15_000 }).toContain('renderer_gone');
  await expect
    .poll(
      () =>
        app.app.evaluate(({ BrowserWindow }) => {
          const page = BrowserWindow.getAllWindows()[0]?.webContents;
          return page !== undefined && !page.isCrashed() && !page.isLoading();
        }),
      { timeout: 15_000 },
    )
    .toBe(true);
  const heading = () =>
    app.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.querySelector("h1")?.textContent ?? ""'),
    );
  await expect.poll(heading, { timeout: 15_000 }).toBe(words['catalogue.title']);
});
