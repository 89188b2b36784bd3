import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { renderKiosk } from '../fixtures/render-kiosk.tsx';
import { makeViews } from '../fixtures/views.ts';

const views = makeViews('nl');

function key(name: string): HTMLElement {
  return within(screen.getByRole('group', { name: 'Toetsenbord op het scherm' })).getByRole('button', { name });
}

describe('a choice', () => {
  it('is a radio group with the question’s options, and goes along with "next"', async () => {
    const kiosk = renderKiosk(views['question-choice']);
    await kiosk.user.click(screen.getByRole('radio', { name: 'School of studie' }));
    await kiosk.user.click(screen.getByRole('button', { name: 'Verder' }));
    expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'purpose', answers: { purpose: 'school' } } }]);
  });

  it('shows what was answered before', () => {
    const before = views['question-choice'];
    if (before.screen.name !== 'question') throw new Error('wrong fixture');
    renderKiosk({ ...before, screen: { ...before.screen, fields: before.screen.fields.map((field) => ({ ...field, value: 'bank' })) } });
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Bank of verzekering' }).checked).toBe(true);
  });
});

describe('a text', () => {
  it('is typed on the screen: capitals, accents, spaces, wiping', async () => {
    const kiosk = renderKiosk(views['question-text']);
    for (const name of ['Hoofdletter', 'V', 'l', 'a', 's', 'spatie', '2', '4', 'Wis het laatste teken']) await kiosk.user.click(key(name));
    await kiosk.user.click(key('é è ë ?: letters met accent en leestekens'));
    await kiosk.user.click(key('é'));
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Vlas 2é');
    await kiosk.user.click(screen.getByRole('button', { name: 'Verder' }));
    expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'street', answers: { streetAndNumber: 'Vlas 2é' } } }]);
  });

  it('is typed on a physical keyboard as well, and Enter is "next"', async () => {
    const kiosk = renderKiosk(views['question-text']);
    await kiosk.user.click(screen.getByRole('textbox'));
    await kiosk.user.keyboard('Vlasblomstraat 24{Enter}');
    expect(kiosk.asked()).toEqual([
      { command: 'form.answer', input: { page: 'street', answers: { streetAndNumber: 'Vlasblomstraat 24' } } },
    ]);
  });

  it('keeps the caret: a key goes where the person stands', async () => {
    const kiosk = renderKiosk(views['question-text']);
    const box = screen.getByRole<HTMLInputElement>('textbox');
    await kiosk.user.click(box);
    await kiosk.user.keyboard('Vlasstraat');
    box.setSelectionRange(4, 4);
    await kiosk.user.click(key('b'));
    await kiosk.user.click(key('l'));
    expect(box.value).toBe('Vlasblstraat');
    expect(box.selectionStart).toBe(6);
  });

  it('has its keys in the order of the alphabet for who wants that', async () => {
    const kiosk = renderKiosk(views['question-text']);
    await kiosk.user.click(key('alfabet: zet de letters in die volgorde'));
    const letters = within(screen.getByRole('group', { name: 'Toetsenbord op het scherm' }))
      .getAllByRole('button')
      .map((button) => button.textContent);
    expect(letters.slice(10, 14)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('says of the shift key whether it is down', async () => {
    const kiosk = renderKiosk(views['question-text']);
    expect(key('Hoofdletter').getAttribute('aria-pressed')).toBe('false');
    await kiosk.user.click(key('Hoofdletter'));
    expect(key('Hoofdletter').getAttribute('aria-pressed')).toBe('true');
    await kiosk.user.click(key('V'));
    expect(key('Hoofdletter').getAttribute('aria-pressed')).toBe('false');
  });

  it('leaves who walks the keys with Tab on the keys, also when they are drawn anew', async () => {
    const kiosk = renderKiosk(views['question-text']);
    key('Hoofdletter').focus();
    await kiosk.user.keyboard('{Enter}');
    expect(document.activeElement).toBe(key('Hoofdletter'));
    key('V').focus();
    await kiosk.user.keyboard('{Enter}');
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('V');
    expect(document.activeElement?.closest('[role="group"]')).toBe(screen.getByRole('group', { name: 'Toetsenbord op het scherm' }));
  });

  it('is wiped from the page when the visit ends, and from a page under a cover it is not drawn', async () => {
    const kiosk = renderKiosk(views['question-text']);
    await kiosk.user.click(screen.getByRole('textbox'));
    await kiosk.user.keyboard('Geheimstraat 7');
    kiosk.push(views['cover-card-out']);
    expect(document.body.innerHTML).not.toContain('Geheimstraat');
    expect(screen.queryByRole('textbox')).toBeNull();
    kiosk.push({ ...views['question-text'], cover: null });
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Geheimstraat 7');
    kiosk.push({ ...views['question-text'], visit: 'v2' });
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('');
  });

  it('gives the digits’ keys to a box of digits', () => {
    renderKiosk(views['question-digits']);
    expect(screen.getByRole('textbox').getAttribute('inputmode')).toBe('numeric');
    expect(within(screen.getByRole('group', { name: 'Toetsenbord op het scherm' })).queryByRole('button', { name: 'a' })).toBeNull();
  });

  it('goes to the box that was touched last', async () => {
    const kiosk = renderKiosk(views['question-long-text']);
    await kiosk.user.click(screen.getByRole('textbox', { name: 'Wat ziet u daar?' }));
    await kiosk.user.click(key('n'));
    await kiosk.user.click(screen.getByRole('button', { name: 'Verder' }));
    expect(kiosk.asked()).toEqual([
      { command: 'form.answer', input: { page: 'place', answers: { street: 'Vlasblomstraat', place: 'n' } } },
    ]);
  });

  it('is remembered by nobody: no completion, no spelling', () => {
    renderKiosk(views['question-text']);
    const box = screen.getByRole('textbox');
    expect(box.getAttribute('autocomplete')).toBe('off');
    expect(box.getAttribute('spellcheck')).toBe('false');
  });
});

describe('a date', () => {
  it('is three boxes, filled with the keys on the screen, sent as an ISO date', async () => {
    const kiosk = renderKiosk(views['question-date']);
    for (const name of ['1', 'volgend vak', '1', '2', 'volgend vak', '2', '0', '2', '6']) await kiosk.user.click(key(name));
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Maand' }).value).toBe('12');
    await kiosk.user.click(screen.getByRole('button', { name: 'Verder' }));
    expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'from', answers: { from: '2026-12-01' } } }]);
  });

  it('takes digits only, and no more than fit', async () => {
    const kiosk = renderKiosk(views['question-date']);
    const day = screen.getByRole<HTMLInputElement>('textbox', { name: 'Dag' });
    await kiosk.user.click(day);
    await kiosk.user.keyboard('x1a7');
    for (const name of ['9', '9']) await kiosk.user.click(key(name));
    expect(day.value).toBe('17');
  });

  it('goes as it is when it is not finished: main says what is wrong', async () => {
    const kiosk = renderKiosk(views['question-date']);
    await kiosk.user.click(key('5'));
    await kiosk.user.click(screen.getByRole('button', { name: 'Verder' }));
    expect(kiosk.asked()).toEqual([{ command: 'form.answer', input: { page: 'from', answers: { from: '--05' } } }]);
  });
});

describe('what is wrong', () => {
  it('is said above, with the focus, in the same words as at the field', () => {
    renderKiosk(views['question-text-error']);
    const summary = screen.getByRole('alert');
    const words = 'Een adres heeft een straat en een nummer, zoals Vlasblomstraat 24.';
    expect(document.activeElement).toBe(summary);
    expect(within(summary).getByRole('button').textContent).toBe(words);
    const box = screen.getByRole('textbox');
    expect(box.getAttribute('aria-invalid')).toBe('true');
    const described = (box.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent);
    expect(described).toContain(words);
  });

  it.each([
    ['question-text-error', () => screen.getByRole('textbox')],
    ['question-choice-error', () => screen.getAllByRole('radio')[0]],
    ['question-date-error', () => screen.getByRole('textbox', { name: 'Dag' })],
  ] as const)('leads to its field: %s', async (name, target) => {
    const kiosk = renderKiosk(views[name]);
    await kiosk.user.click(within(screen.getByRole('alert')).getByRole('button'));
    expect(document.activeElement).toBe(target());
  });

  it.each([
    ['question-text-error', () => screen.getByRole('textbox'), 'x'],
    ['question-date-error', () => screen.getByRole('textbox', { name: 'Dag' }), '{Backspace}'],
  ] as const)('goes when the answer changes, and leaves the caret where it is: %s', async (name, box, keys) => {
    const kiosk = renderKiosk(views[name]);
    await kiosk.user.click(box());
    await kiosk.user.keyboard(keys);
    expect(screen.queryByRole('alert')).toBeNull();
    expect(box().getAttribute('aria-invalid')).not.toBe('true');
    expect(document.activeElement).toBe(box());
  });

  it('goes when another option is chosen', async () => {
    const kiosk = renderKiosk(views['question-choice-error']);
    await kiosk.user.click(screen.getByRole('radio', { name: 'School of studie' }));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(document.querySelector('.field__error')).toBeNull();
  });

  it('stays away until main has looked at the new answer, whatever else is pushed', async () => {
    const kiosk = renderKiosk(views['question-text-error']);
    await kiosk.user.click(screen.getByRole('textbox'));
    await kiosk.user.keyboard('x');
    kiosk.push({ line: { state: 'down', since: null } });
    expect(screen.queryByRole('alert')).toBeNull();
    await kiosk.user.keyboard('{Enter}');
    expect(screen.queryByRole('alert')).toBeNull();
    kiosk.push({});
    expect(screen.getByRole('alert')).toBeTruthy();
  });

  it('takes the focus again when the same mistake is sent again', async () => {
    const kiosk = renderKiosk(views['question-text-error']);
    await kiosk.user.click(screen.getByRole('textbox'));
    await kiosk.user.keyboard('x{Enter}');
    kiosk.push({});
    expect(document.activeElement).toBe(screen.getByRole('alert'));
  });

  it('does not take the focus from who is typing when only the line changes', async () => {
    const kiosk = renderKiosk(views['question-text-error']);
    await kiosk.user.click(screen.getByRole('textbox'));
    kiosk.push({ line: { state: 'down', since: '2026-11-20T13:25:00Z' } });
    expect(document.activeElement).toBe(screen.getByRole('textbox'));
  });
});
