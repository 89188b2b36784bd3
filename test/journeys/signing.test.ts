import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { proveEvidence } from '../../native/eid/evidence.ts';
import { testRoot } from '../../native/eid/roots.ts';
import { verifyJades } from '../../native/eid/signed/verify-jades.ts';
import { verifyPades } from '../../native/eid/signed/verify-pades.ts';
import { openOutboxAs } from '../harness/open-outbox.ts';
import { words } from '../harness/person.ts';
import { closeWorld, makeFolder, openApp, openStage, openWorld, type Stage, signIn } from './stage.ts';

afterAll(closeWorld);

async function fillProxy({ person }: Pick<Stage, 'person'>): Promise<void> {
  await person.pressNamed(/Volmacht om iets af te halen/);
  await person.seeQuestion('Wie mag het voor u afhalen?');
  await person.typeOnGlass('bram proef');
  await person.press('button.next');
  await person.seeQuestion('Wat mag die persoon afhalen?');
  await person.choose('Mijn reispas');
  await person.press('button.next');
  await person.seeQuestion('Hebt u er papieren bij?');
  await person.press('photo.nextWithout');
  await person.see('check.title');
  await person.press('check.toDocument');
}

/** What was sealed last, and the root that its signature must chain to. */
async function lastSealed({ edges, app }: Pick<Stage, 'edges' | 'app'>) {
  const [content] = (await openOutboxAs(edges.dir, 'kiosk-demo', app.dataDir)).slice(-1);
  const root = testRoot(readFileSync(join(import.meta.dirname, '../../.cache/virtual-card/root.pem'), 'utf8'));
  if (!content?.evidence) throw new Error('nothing was sealed with evidence');
  return { content, evidence: content.evidence, trusted: { roots: [root], now: new Date() } };
}

it('the PDF that was read is the PDF that is signed, at the pinpad, and its signature proves it', async () => {
  const stage = await openStage();
  const { card, person } = stage;
  card.setPinpad(true);
  await signIn(stage);
  await fillProxy(stage);
  await person.see('sign.title');
  await person.page.getByText(words['sign.checked.good']).waitFor();
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  card.press('right');
  await person.see('kept.title.received');
  const { content, evidence, trusted } = await lastSealed(stage);
  expect([content.trust, evidence.signatureRevocation?.status]).toEqual(['signed', 'good']);
  const { signed } = evidence;
  if (signed?.format !== 'pades') throw new Error('no PDF was signed');
  const pdf = new Uint8Array(Buffer.from(signed.pdf, 'base64'));
  expect(verifyPades(pdf, trusted)).toMatchObject({ ok: true });
  // A byte of what was read, changed afterwards.
  const altered = Uint8Array.from(pdf, (byte, index) => (index === 2_000 ? byte ^ 1 : byte));
  expect(verifyPades(altered, trusted).ok).toBe(false);
  expect(proveEvidence(evidence, { txId: content.txId, ...trusted })).toMatchObject({
    proof: { issuer: 'proven', identity: 'proven', address: 'proven' },
    // A card was put in; nobody signed in.
    signIn: 'unchecked',
    signed: 'proven',
  });
});

it('a text is signed in the dialog of the card’s own software, where it may appear on the citizen’s screen', async () => {
  const world = await openWorld();
  const configFile = join(makeFolder(), 'terminal.json');
  const config = JSON.parse(readFileSync(world.edges.configFile, 'utf8'));
  writeFileSync(configFile, JSON.stringify({ ...config, card: { ...config.card, dialog: true } }));
  const stage = { ...world, ...(await openApp(world.edges, { configFile })) };
  const { card, person } = stage;
  card.setDialogs('answered');
  await signIn(stage);
  await person.pressNamed(/Verklaring op eer/);
  await person.seeQuestion('Wat verklaart u?');
  await person.typeOnGlass('ik woon alleen');
  await person.press('button.next');
  await person.see('check.title');
  await person.press('check.toDocument');
  await person.see('sign.title');
  await person.page.getByText('ik woon alleen').waitFor();
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.dialog.title');
  card.press('right');
  await person.see('kept.title.received');
  const { evidence, trusted } = await lastSealed(stage);
  if (evidence.signed?.format !== 'jades') throw new Error('no text was signed');
  const payload = new Uint8Array(Buffer.from(evidence.signed.payload, 'base64'));
  expect(new TextDecoder().decode(payload)).toContain('ik woon alleen');
  expect(verifyJades(evidence.signed.jws, payload, trusted)).toMatchObject({ ok: true });
});

it('where neither pinpad nor dialog is, the product says so before its first question', async () => {
  const { card, person } = await openStage();
  await signIn({ card, person });
  await person.page.getByText(words['catalogue.cannot_sign']).first().waitFor();
  // Its page says what there is instead, and does not begin it.
  await person.pressNamed(/Volmacht om iets af te halen/);
  await person.page.getByText(words['catalogue.cannot_sign']).waitFor();
  expect(await person.page.getByRole('button', { name: words['product.begin'], exact: true }).count()).toBe(0);
});

it('a signature that is stopped on the pinpad leaves the answers, and nothing was signed', async () => {
  const stage = await openStage();
  const { card, person, arrivals } = stage;
  card.setPinpad(true);
  await signIn(stage);
  await fillProxy(stage);
  await person.see('sign.title');
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  card.press('cancel');
  await person.see('pinProblem.cancelled.title');
  await person.press('signIn.again');
  await person.see('sign.title');
  expect(await arrivals()).toEqual([]);
});

it('a card that cannot sign says so before the first question, and so does one whose certificate was revoked', async () => {
  const { card, person, arrivals } = await openStage();
  card.setPinpad(true);
  for (const [persona, title] of [
    ['noor', 'pinProblem.no_signature.title'],
    ['blocked', 'pinProblem.pin_blocked.title'],
    ['revoked', 'pinProblem.signer_revoked.title'],
  ] as const) {
    await signIn({ card, person }, persona);
    await person.pressNamed(/Volmacht om iets af te halen/);
    await person.see(title);
    await person.press('button.back');
    await person.see('catalogue.title');
    card.remove();
  }
  await person.see('attract.title');
  expect(await arrivals()).toEqual([]);
});

it('without a line a document is signed all the same: the page says what nobody checked, and so does what is sealed', async () => {
  const stage = await openStage();
  const { card, edges, person } = stage;
  card.setPinpad(true);
  await signIn(stage);
  edges.line.setLine('down');
  await fillProxy(stage);
  await person.see('sign.title');
  await person.page.getByText(words['sign.checked.offline']).waitFor();
  await person.pressNamed(new RegExp(words['sign.button']));
  await person.see('signIn.pinpad.title');
  card.press('right');
  await person.see('kept.title.kept');
  const { content, evidence } = await lastSealed(stage);
  expect([content.trust, content.provisional]).toEqual(['signed', true]);
  expect(evidence.signatureRevocation).toEqual({ status: 'unchecked', source: null, asOf: null });
});
