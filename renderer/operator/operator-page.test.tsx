import { cleanup, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { CameraProblem } from '../../contract/camera.ts';
import { BundleProblem, LineProblem, type OperatorView } from '../../contract/operator.ts';
import { makeOperatorViews, operatorFixtureNames } from '../fixtures/operator-views.ts';
import { renderOperator } from '../fixtures/render-operator.tsx';
import { measureAgo } from './ago.ts';

const views = makeOperatorViews('nl');
const said = () => (document.body.textContent ?? '').replaceAll('\u00a0', ' ');
const button = (name: RegExp | string) => screen.getByRole('button', { name });
const statusOf = (view: OperatorView) => {
  if (view.page.page !== 'status') throw new Error('no status');
  return view.page;
};

describe('signing in', () => {
  it('takes six digits from the pad, and sends them once', async () => {
    const page = renderOperator(views['sign-in']);
    for (const digit of '1230') await page.user.click(button(digit));
    await page.user.click(button('Wis: het laatste teken'));
    for (const digit of '456') await page.user.click(button(digit));
    expect(said()).toContain('123456'.slice(0, 3));
    await page.user.click(button('Meld aan'));
    await page.user.click(button('Meld aan'));
    expect(page.asked()).toEqual([{ command: 'operator.sign_in', input: { code: '123456' } }]);
  });

  it('takes them from a keyboard too: by place, and not while a shortcut is held', async () => {
    const page = renderOperator(views['sign-in']);
    await page.user.keyboard('{Enter}12345');
    await page.user.keyboard('{Control>}7{/Control}x');
    expect(page.asked()).toEqual([]);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'é', code: 'Digit2' }));
    await page.user.keyboard('9{Enter}');
    expect(page.asked()).toEqual([{ command: 'operator.sign_in', input: { code: '123452' } }]);
  });

  it('says that a code was wrong until the next one is typed', async () => {
    const page = renderOperator(views['sign-in-wrong']);
    expect(screen.getByRole('alert').textContent).toContain('Die code klopt niet.');
    await page.user.keyboard('1');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says the wait once, and sends nothing meanwhile from the button', async () => {
    const page = renderOperator(views['sign-in-wait']);
    const alert = screen.getByRole('alert');
    expect([alert.textContent, alert.querySelector('[aria-hidden="true"]:not(svg)')?.textContent]).toEqual([
      'Te veel foute codes. Wacht even voor u weer probeert. Nog 118 seconden.',
      'Nog 118 seconden.',
    ]);
    await page.user.keyboard('123456');
    expect(button('Meld aan').hasAttribute('disabled')).toBe(true);
  });

  it('goes away by button and by Escape', async () => {
    const page = renderOperator(views['sign-in']);
    await page.user.click(button('Sluit'));
    await page.user.keyboard('{Escape}');
    expect(page.asked().map(({ command }) => command)).toEqual(['operator.leave', 'operator.leave']);
  });
});

describe('enrolling', () => {
  const code = '7M4Q29XD0123ABCDEFGHJKMNPQRSTVWX';

  it('takes a code as people type it, and shows it in groups of four', async () => {
    const page = renderOperator(views.enrol);
    await page.user.keyboard('7m4q-29xd oil3abcd');
    expect(said()).toContain('7M4Q29XD0113ABCD____');
    expect(screen.getByText('16 van 32 tekens')).toBeTruthy();
    expect(button('Schrijf in').hasAttribute('disabled')).toBe(true);
    await page.user.keyboard('{Enter}');
    expect(page.asked()).toEqual([]);
  });

  it('takes a whole one that is pasted, and nothing after its end', async () => {
    const page = renderOperator(views.enrol);
    await page.user.keyboard('ZZ');
    await page.user.paste(`  ${code.toLowerCase().replaceAll(/(.{4})/g, '$1-')}\n`);
    await page.user.keyboard('9{Enter}');
    expect(page.asked()).toEqual([{ command: 'operator.enrol', input: { code } }]);
  });

  it('every letter that a code can have is on the pad', async () => {
    const page = renderOperator(views.enrol);
    for (const letter of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') await page.user.click(button(letter));
    await page.user.click(button('Schrijf in'));
    expect(page.asked()).toEqual([{ command: 'operator.enrol', input: { code: '0123456789ABCDEFGHJKMNPQRSTVWXYZ' } }]);
  });

  it('keeps what was typed when the server does not answer, and asks once', async () => {
    const page = renderOperator(views.enrol);
    await page.user.paste(code);
    await page.user.keyboard('{Enter}');
    page.push({ page: views['enrol-working'].page });
    await page.user.keyboard('{Enter}');
    expect(screen.queryByRole('button', { name: 'Schrijf in' })).toBeNull();
    page.push({ page: { page: 'enrol', state: 'asking', why: 'first', problem: 'no_connection' } });
    expect(screen.getByRole('alert').textContent).toContain('Uw code staat er nog.');
    await page.user.keyboard('{Enter}');
    expect(page.asked()).toEqual(Array(2).fill({ command: 'operator.enrol', input: { code } }));
  });

  it.each(['not_a_code', 'no_connection', 'not_the_middleware', 'code_refused', 'storage_failed'] as const)(
    '%s has its own words',
    (problem) => {
      renderOperator({ ...views.enrol, page: { page: 'enrol', state: 'asking', why: 'first', problem } });
      expect(screen.getByRole('alert').textContent).not.toBe('');
    },
  );

  it('goes back to the status for who came from there, else away', async () => {
    const page = renderOperator(views['enrol-anew']);
    await page.user.click(button('Terug'));
    page.push({ page: views.enrol.page });
    await page.user.click(button('Sluit'));
    expect(page.asked().map(({ command }) => command)).toEqual(['operator.back', 'operator.leave']);
  });
});

describe('the status', () => {
  it('says that all is well when it is', () => {
    renderOperator(views['status-empty']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Alles is verstuurd');
    expect(document.querySelector('.care')).toBeNull();
    expect(said()).toContain('In een bestand van de dienst');
  });

  it.each([
    [{ photos: 1 }, '1 foto wacht op de lijn', 'Wacht op de lijn'],
    [{ salvaging: true }, 'We halen aanvragen terug', null],
  ])('does not say that all is sent while something of it is still here: %o', (more, headline, part) => {
    const shown = statusOf(views['status-empty']);
    const queue = shown.status.queue && { ...shown.status.queue, ...more };
    renderOperator({ ...views['status-empty'], page: { ...shown, status: { ...shown.status, queue } } });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(headline);
    expect(screen.queryByRole('heading', { level: 2, name: 'Wacht op de lijn' })?.textContent ?? null).toBe(part);
  });

  it('says what waits, by form, since when, and the codes when asked', async () => {
    const page = renderOperator(views['status-waiting']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('18 aanvragen wachten op de lijn');
    expect(said()).toContain('17 aanvragen, de oudste 47 uur geleden');
    expect(said()).toContain('Er is geen verbinding met de server.');
    expect(said()).toContain('2 dagen geleden (20 november, 10.59 uur)');
    expect(said()).not.toContain('KTR-4F7K-92QD');
    await page.user.click(button('Toon de codes'));
    expect(said()).toContain('KTR-4F7K-92QD');
  });

  it('says how many codes are not shown', async () => {
    const shown = statusOf(views['status-waiting']);
    const queue = shown.status.queue && { ...shown.status.queue, waiting: [{ title: 'Attest', count: 600, oldest: shown.status.at }] };
    const page = renderOperator({ ...views['status-waiting'], page: { ...shown, status: { ...shown.status, queue } } });
    await page.user.click(button('Toon de codes'));
    expect(said()).toContain('En nog 598 andere.');
  });

  it('asks twice before something is never sent, and offers no second try to what is damaged', async () => {
    const page = renderOperator(views['status-trouble']);
    await page.user.click(button('Probeer opnieuw, KTR-7H3P-55XZ'));
    await page.user.click(button('Leg opzij, KTR-7H3P-55XZ'));
    expect(page.asked()).toEqual([{ command: 'operator.decide', input: { reference: 'KTR-7H3P-55XZ', decision: 'again' } }]);
    expect(screen.getByRole('alert').textContent).toContain('Dan wordt dit nooit verstuurd.');
    await page.user.click(button('Nee, KTR-7H3P-55XZ'));
    await page.user.click(button('Leg opzij, KTR-7H3P-55XZ'));
    await page.user.click(button('Ja, leg opzij, KTR-7H3P-55XZ'));
    expect(page.asked().at(-1)).toEqual({ command: 'operator.decide', input: { reference: 'KTR-7H3P-55XZ', decision: 'aside' } });
    expect(screen.queryByRole('button', { name: 'Probeer opnieuw, KTR-1111-AAAA' })).toBeNull();
  });

  it('every warning leads to a sentence', () => {
    renderOperator(views['status-trouble']);
    const warnings = [...document.querySelectorAll('.op__warnings .care')].map(({ textContent }) => textContent?.split('.')[0]);
    expect(warnings).toEqual([
      'De schijf is bijna vol',
      'Er is een kopie van dit toestel gezien',
      'Een ontvangstbewijs klopt niet',
      'De klok loopt 120 minuten voor',
      'De opslag was beschadigd',
      'De schijf verloor 3 aanvragen',
      'De sleutels zijn over tijd',
      'De nieuwste formulieren hebben geen goede handtekening',
      'Een ander programma houdt de camera vast',
      'In het logboek van dit toestel klopt een regel niet',
    ]);
  });

  it('what was lost is said until somebody says to have read it', async () => {
    const page = renderOperator(views['status-trouble']);
    await page.user.click(button('Gelezen'));
    expect(page.asked()).toEqual([{ command: 'operator.losses_read', input: { lost: 3 } }]);
  });

  it.each(CameraProblem.options)('the camera’s problem %s has its own words', (camera) => {
    const shown = statusOf(views['status-empty']);
    renderOperator({ ...views['status-empty'], page: { ...shown, status: { ...shown.status, camera } } });
    expect(document.querySelector('.op__warnings')?.textContent).toMatch(/camera/);
  });

  it.each(['nothing_decided', 'not_decided'] as const)('a decision that came to nothing is told: %s', (problem) => {
    const shown = statusOf(views['status-empty']);
    renderOperator({ ...views['status-empty'], page: { ...shown, problem } });
    expect(screen.getByRole('alert').textContent).toMatch(/beslis/);
  });

  it.each([
    [60, null],
    [61, 'De klok loopt 1 minuut achter'],
    [-61, 'De klok loopt 1 minuut voor'],
    [-60, null],
  ])('a clock that is %i s off: %s', (clockOffset, warning) => {
    const shown = statusOf(views['status-empty']);
    const status = { ...shown.status, line: { ...shown.status.line, clockOffset } };
    renderOperator({ ...views['status-empty'], page: { ...shown, status } });
    expect(document.querySelector('.op__warnings')?.textContent?.split('.')[0] ?? null).toBe(warning);
  });

  it.each(LineProblem.options)('the line’s problem %s has its own words', (problem) => {
    const shown = statusOf(views['status-empty']);
    renderOperator({ ...views['status-empty'], page: { ...shown, status: { ...shown.status, line: { ...shown.status.line, problem } } } });
    expect(document.querySelector('.op__warnings')?.textContent).not.toBe('');
  });

  it.each(BundleProblem.options)('the bundle’s problem %s has its own words', (bundleProblem) => {
    const shown = statusOf(views['status-empty']);
    renderOperator({
      ...views['status-empty'],
      page: { ...shown, status: { ...shown.status, line: { ...shown.status.line, bundleProblem } } },
    });
    expect(document.querySelector('.op__warnings')?.textContent).not.toBe('');
  });

  it.each(['no_folder', 'port', 'disk_full', 'not_written', 'nothing_waits'] as const)(
    'an export that failed for %s has its own words',
    (why) => {
      const shown = statusOf(views['status-empty']);
      renderOperator({ ...views['status-empty'], page: { ...shown, export: { state: 'failed', why, portShut: true } } });
      expect(document.querySelector('.op__export')?.textContent).not.toBe('');
    },
  );

  it('without a queue says so, and still who this terminal is', () => {
    const saying = {
      disk_full: 'De schijf is vol',
      read_only: 'De schijf laat dit toestel niet schrijven',
      in_use: 'Een ander programma houdt de wachtrij vast',
      newer_version: 'Een nieuwere versie schreef deze wachtrij',
      failed: 'We proberen het steeds opnieuw',
    };
    const { page: shown } = views['status-no-queue'];
    for (const [queueProblem, sentence] of Object.entries(saying) as [keyof typeof saying, string][]) {
      if (shown.page !== 'status') throw new Error('another page');
      renderOperator({ ...views['status-no-queue'], page: { ...shown, status: { ...shown.status, queueProblem } } });
      expect(said()).toContain(sentence);
      cleanup();
    }
    renderOperator(views['status-no-queue']);
    expect(said()).toContain('De opslag werkt niet');
    expect(said()).toContain('kiosk-2');
  });

  it('asks for what its buttons say', async () => {
    const page = renderOperator(views['status-waiting']);
    for (const name of ['Verstuur nu', 'Zet op een stick', 'Schrijf dit toestel opnieuw in', 'Français', 'Sluit'])
      await page.user.click(button(name));
    await page.user.keyboard('{Escape}');
    expect(page.asked()).toEqual([
      { command: 'operator.sync', input: {} },
      { command: 'operator.export', input: {} },
      { command: 'operator.enrol_anew', input: {} },
      { command: 'operator.language', input: { language: 'fr' } },
      { command: 'operator.leave', input: {} },
      { command: 'operator.leave', input: {} },
    ]);
  });

  it('says that it tries when asked to', async () => {
    const page = renderOperator(views['status-waiting']);
    expect(said()).not.toContain('We proberen het nu.');
    await page.user.click(button('Verstuur nu'));
    expect(screen.getAllByRole('status').map(({ textContent }) => textContent)).toContain(
      'We proberen het nu. Kijk bij de lijn of het lukt.',
    );
  });

  it('an export is told while it goes, with its size, count and name, and that a port stayed open', () => {
    const page = renderOperator(views['export-working']);
    expect(screen.getAllByRole('status').some((place) => within(place).queryByText(/Laat de stick zitten/))).toBeTruthy();
    expect(button('Zet op een stick').hasAttribute('disabled')).toBe(true);
    page.push({ page: views['export-done'].page });
    expect(said()).toContain('18 aanvragen, 2 bijlagen, 364,3 kB. Alles blijft hier ook wachten. loket-kiosk-2-2026-11-22-100000');
    expect(said()).not.toContain('De poort is nog open');
    expect(said()).not.toContain('niet lezen');
    const { page: done } = views['export-done'];
    if (done.page === 'status' && done.export.state === 'done') page.push({ page: { ...done, export: { ...done.export, unreadable: 2 } } });
    expect(said()).toContain('2 foto’s kon dit toestel niet lezen. Die staan niet op de stick.');
    page.push({ page: views['export-failed'].page });
    expect(said()).toContain('De stick is vol.');
    expect(said()).toContain('De poort is nog open.');
  });
});

describe('on every page', () => {
  it('says once that it is about to go', () => {
    const page = renderOperator(views['sign-in-closing']);
    const alert = screen.getByRole('alert');
    page.push({ closesInSeconds: 20 });
    expect([screen.getByRole('alert') === alert, alert.querySelector('[aria-hidden="true"]:not(svg)')?.textContent]).toEqual([
      true,
      'Nog 20 seconden.',
    ]);
  });

  it('tells main that somebody is there, at most once a second', async () => {
    const page = renderOperator(views['sign-in']);
    const active = () =>
      (window.loket as unknown as { asked: { command: string }[] }).asked.filter(({ command }) => command === 'operator.active');
    await page.user.keyboard('12');
    await page.user.click(button('3'));
    expect(active()).toHaveLength(1);
  });

  it('nothing older than what it said before', () => {
    const page = renderOperator({ ...views['sign-in'], revision: 7 });
    page.push({ revision: 6, page: views['status-empty'].page });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Typ uw code');
  });

  it('in larger letters and black and white when asked', async () => {
    const page = renderOperator(views['sign-in']);
    await page.user.click(button('Grotere tekst'));
    expect(page.asked()).toEqual([{ command: 'operator.display', input: { display: { text: 3, theme: 'default' } } }]);
    page.push({ display: { text: 3, theme: 'contrast' } });
    expect(document.documentElement.dataset).toMatchObject({ text: '3', theme: 'contrast' });
  });

  it.each(operatorFixtureNames)('%s: leaves the window’s title as it is', (name) => {
    document.title = 'Loket';
    renderOperator(views[name]);
    expect(document.title).toBe('Loket');
  });
});

it.each([
  ['2026-11-22T10:00:30.000Z', { unit: 'now', count: 0 }],
  ['2026-11-22T09:58:00.000Z', { unit: 'minutes', count: 2 }],
  ['2026-11-22T08:00:01.000Z', { unit: 'minutes', count: 119 }],
  ['2026-11-22T08:00:00.000Z', { unit: 'hours', count: 2 }],
  ['2026-11-20T10:00:00.000Z', { unit: 'days', count: 2 }],
])('how long ago %s was', (then, ago) => {
  expect(measureAgo(then, '2026-11-22T10:00:00.000Z')).toEqual(ago);
});

describe.each(['nl', 'fr'] as const)('axe, in %s', (language) => {
  it.each(operatorFixtureNames)('%s', async (name) => {
    document.title = 'Loket';
    renderOperator(makeOperatorViews(language)[name]);
    const found = await axe.run(document, { rules: { 'color-contrast': { enabled: false } } });
    expect(found.violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 100)}`)).toEqual([]);
  });
});
