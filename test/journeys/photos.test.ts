import { createDecipheriv, createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { type Attachment, attachmentContext, attachmentLimits, attachmentNonce, sealedBytes, tus } from '../../contract/attachment.ts';
import { openPglite } from '../../middleware/store/pglite.ts';
import { pressKeys, setPinpad } from '../../native/virtual-card/reader.ts';
import { startEdges } from '../harness/edges.ts';
import { launchApp } from '../harness/launch.ts';
import { briskTerminal } from '../harness/main-job.ts';
import { openOutboxAs } from '../harness/open-outbox.ts';
import { writePaperVideo } from '../harness/paper-camera.ts';
import { createPerson, type Person, words } from '../harness/person.ts';
import { closeWorld, makeFolder, openStage, signIn } from './stage.ts';

afterAll(closeWorld);

const pictures = process.env.LOKET_PICTURES;

async function openPapers({ person }: { person: Person }): Promise<void> {
  await person.pressNamed(/Volmacht om iets af te halen/);
  await person.seeQuestion('Wie mag het voor u afhalen?');
  await person.typeOnGlass('bram proef');
  await person.press('button.next');
  await person.seeQuestion('Wat mag die persoon afhalen?');
  await person.choose('Mijn reispas');
  await person.press('button.next');
  await person.seeQuestion('Hebt u er papieren bij?');
}

async function takePhoto(person: Person, button: 'photo.on' | 'photo.more', count: string): Promise<void> {
  await person.press(button);
  await person.see('photo.live.title');
  await person.press('photo.take');
  await person.see('photo.look.title');
  await person.press('photo.use');
  await person.page.getByRole('button', { name: `Verder met ${count}` }).waitFor();
}

function sealedFiles(dataDir: string): string[] {
  const folder = join(dataDir, 'loket', 'attachments');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sealed'))
    .map((name) => join(folder, name));
}

/** What the person photographed, with the key that was in the sealed record. Throws when a byte is not what was sealed. */
function unseal(sealed: Buffer, { id, key, bytes }: Attachment): Buffer {
  const count = Math.ceil(bytes / attachmentLimits.chunkBytes);
  const chunks = Array.from({ length: count }, (_, at) => {
    const chunk = sealed.subarray(at * tus.pieceBytes, (at + 1) * tus.pieceBytes);
    const end = chunk.length - attachmentLimits.tagBytes;
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), attachmentNonce(at));
    decipher.setAAD(attachmentContext(id, at, at === count - 1));
    decipher.setAuthTag(chunk.subarray(end));
    return Buffer.concat([decipher.update(chunk.subarray(0, end)), decipher.final()]);
  });
  return Buffer.concat(chunks);
}

/** Files below the folder that hold a stretch of it, as it is or written as text. */
function findInClear(folder: string, photo: Buffer): string[] {
  const stretch = photo.subarray(photo.length >> 1, (photo.length >> 1) + 48);
  const forms = [
    stretch,
    stretch.toString('hex'),
    stretch.toString('base64').slice(0, 60),
    stretch.subarray(1).toString('base64').slice(0, 60),
  ];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => {
      const content = readFileSync(file);
      return forms.some((form) => content.includes(form));
    });
}

it('two pages of a paper: photographed, looked at, sealed at once, kept, received, and the middleware’s case has both', async () => {
  const dir = makeFolder();
  const edges = await startEdges({ dir: join(dir, 'edges'), keep: true, terminal: briskTerminal });
  onTestFinished(() => edges.stop());
  const camera = { file: writePaperVideo(join(dir, 'paper.y4m')) };
  const app = await launchApp({ edges, dock: false, runDir: join(dir, 'run'), camera });
  onTestFinished(() => app.close());
  const person = createPerson(app.kiosk, pictures ?? null);
  const reader = edges.env.LOKET_VIRTUAL_CARD ?? '';
  setPinpad(reader, true);
  await person.see('attract.title');
  edges.card?.insert('lotte');
  await person.see('identity.title');
  await person.press('identity.yes');
  await person.see('catalogue.title');
  await openPapers({ person });
  await takePhoto(person, 'photo.on', '1 foto');
  await takePhoto(person, 'photo.more', '2 foto’s');
  await person.picture('photos');
  const onDisk = sealedFiles(app.dataDir).map((file) => readFileSync(file));
  expect(onDisk).toHaveLength(2);
  await person.pressNamed('Verder met 2 foto’s');
  await person.see('check.title');
  await person.page.getByText('2 foto’s', { exact: true }).waitFor();
  await person.press('check.toDocument');
  await person.see('sign.title');
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  pressKeys(reader, 'right');
  await person.see('kept.title.received');
  // The code on the glass is now the middleware's word, not the kiosk's.
  await person.page.getByRole('img', { name: words['kept.receipt.qr'] }).waitFor();
  const status = async () => (await edges.middleware.fetchTransactions()).map((arrival) => [arrival.copies, arrival.status]);
  await expect.poll(status, { timeout: 30_000 }).toEqual([[1, 'open']]);
  await app.close();

  const [content] = await openOutboxAs(edges.dir, edges.middleware.terminal, app.dataDir);
  await edges.stop();
  expect(content?.attachments.map(({ name, mediaType }) => [name, mediaType])).toEqual([
    ['papers-1.jpg', 'image/jpeg'],
    ['papers-2.jpg', 'image/jpeg'],
  ]);
  expect(content?.answers.papers).toEqual(content?.attachments.map(({ id }) => id));
  const database = await openPglite(join(edges.dir, 'middleware', 'pglite'));
  onTestFinished(() => database.close());
  for (const attachment of content?.attachments ?? []) {
    const rows = await database.query('SELECT content FROM attachment_piece WHERE attachment = $1::uuid ORDER BY place', [attachment.id]);
    const arrived = Buffer.concat(rows.map((row) => row.content as Uint8Array));
    expect(arrived.length).toBe(sealedBytes(attachment.bytes));
    expect(createHash('sha256').update(arrived).digest('base64url')).toBe(attachment.sha256);
    expect(onDisk.some((sealed) => sealed.equals(arrived))).toBe(true);
    const photo = unseal(arrived, attachment);
    expect([photo.length, photo.subarray(0, 3).toString('hex'), photo.subarray(-2).toString('hex')]).toEqual([
      attachment.bytes,
      'ffd8ff',
      'ffd9',
    ]);
    expect(findInClear(app.runDir, photo)).toEqual([]);
  }
});

it('photos of a form that is left, and those that are taken back, are gone from the disk; the camera is off when its page is', async () => {
  const dir = makeFolder();
  const { app, card, person } = await openStage({ camera: { file: writePaperVideo(join(dir, 'paper.y4m')) } });
  card.setPinpad(true);
  await signIn({ card, person });
  await openPapers({ person });
  await takePhoto(person, 'photo.on', '1 foto');
  await takePhoto(person, 'photo.more', '2 foto’s');
  expect(sealedFiles(app.dataDir)).toHaveLength(2);
  await person.press('photo.removeName', { at: '2' });
  await person.page.getByRole('button', { name: 'Verder met 1 foto' }).waitFor();
  await expect.poll(() => sealedFiles(app.dataDir).length).toBe(1);
  await person.press('photo.more');
  await person.page.getByRole('button', { name: words['photo.take'] }).waitFor();
  await person.page.evaluate(() => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    (window as unknown as { camera: MediaStream }).camera = srcObject as MediaStream;
  });
  card.remove();
  await person.see('cardOut.title');
  const live = () => (window as unknown as { camera: MediaStream }).camera.getTracks().map(({ readyState }) => readyState);
  await expect.poll(() => person.page.evaluate(live)).toEqual(['ended']);
  await person.press('cardOut.close');
  await person.see('goodbye.title');
  await expect.poll(() => sealedFiles(app.dataDir)).toEqual([]);
});

it('the page crashes between two photos: the first is still counted, and the way goes on', async () => {
  const { app, card, person } = await openStage({ camera: 'fake' });
  card.setPinpad(true);
  await signIn({ card, person });
  await openPapers({ person });
  await takePhoto(person, 'photo.on', '1 foto');
  await app.app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(), 50);
  });
  await expect.poll(() => readFileSync(join(app.dataDir, 'loket', 'loket.log'), 'utf8')).toContain('renderer_gone');
  const isBack = () =>
    app.app.evaluate(({ BrowserWindow }) => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      return page !== undefined && !page.isCrashed() && !page.isLoading();
    });
  await expect.poll(isBack, { timeout: 15_000 }).toBe(true);
  const text = () =>
    app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'));
  await expect.poll(text, { timeout: 15_000 }).toContain('Verder met 1 foto');
});

it('without a camera the page says so, and the form goes on', async () => {
  const { card, person } = await openStage({ camera: 'none' });
  card.setPinpad(true);
  await signIn({ card, person });
  await openPapers({ person });
  await person.press('photo.on');
  await person.page.getByText(/We vinden geen camera/).waitFor();
  await person.press('photo.nextWithout');
  await person.see('check.title');
  await person.page.getByText(words['check.noPhotos']).waitFor();
});

it('no page may hear, see the screen, or see through the camera from elsewhere', async () => {
  const { app, person } = await openStage({ camera: 'fake', dock: true });
  await person.see('attract.title');
  const ask = (constraints: unknown) =>
    navigator.mediaDevices.getUserMedia(constraints as MediaStreamConstraints).then(
      (stream) =>
        stream
          .getTracks()
          .map(({ kind }) => kind)
          .join(),
      (error: Error) => error.name,
    );
  const screen = { video: { mandatory: { chromeMediaSource: 'desktop' } } };
  const refused = 'NotAllowedError';
  expect(await person.page.evaluate(ask, { video: true })).toBe('video');
  expect(await person.page.evaluate(ask, { audio: true })).toBe(refused);
  expect(await person.page.evaluate(ask, { audio: true, video: true })).toBe(refused);
  expect(await person.page.evaluate(ask, screen)).not.toBe('video');
  expect(await app.dock?.evaluate(ask, { video: true })).toBe(refused);
});
