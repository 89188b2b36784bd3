import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Field, FormDefinition, FormPage, RowField } from '../../contract/form.ts';
import { inLanguage, type Text } from '../../contract/language.ts';
import { type Person, words } from './person.ts';

type Value = string | boolean | number | readonly string[];
type Parts = Readonly<Record<string, string>>;
/** By the names of the form's fields. A choice by its option, a date as YYYY-MM-DD, an address by its parts, a repeat by its rows. */
export type Filled = Readonly<Record<string, Value | Parts | readonly Readonly<Record<string, Value>>[]>>;

const dutch = (text: Text) => inLanguage(text, 'nl');

/**
 * Walks a form as somebody does who reads each question and fills in what it asks, up to the check page. Fails where neither
 * comes, and throws at a question that nobody gave an answer to.
 */
export async function fillForm({ page, ...person }: Person, form: FormDefinition, filled: Filled): Promise<void> {
  const heading = page.getByRole('heading', { level: 1 });
  const read = async () => (await heading.textContent())?.trim() ?? '';
  const pages = new Map(form.pages.map((each) => [dutch(each.question), each]));
  let before = '';
  for (;;) {
    // The card may be asked for its proof before the first question.
    const isNext = (now: string) => now !== before && (pages.has(now) || now === words['check.title']);
    await expect.poll(async () => ((question) => (isNext(question) ? 'next' : question))(await read()), { timeout: 20_000 }).toBe('next');
    const question = await read();
    const shown = pages.get(question);
    if (!shown) return;
    if (!(await answerPage(page, shown, filled))) await person.press('button.next');
    before = question;
  }
}

/** True: what was pressed leads on by itself. */
async function answerPage(page: Page, shown: FormPage, filled: Filled): Promise<boolean> {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  for (const field of shown.fields) {
    const value = filled[field.name];
    if (field.control === 'photo') {
      await button(words[value === 'to-desk' ? 'photo.toDesk' : 'photo.nextWithout']).click();
      return true;
    }
    if (field.control === 'repeat') {
      for (const row of (value ?? []) as readonly Readonly<Record<string, Value>>[]) {
        await button(dutch(field.repeat?.add ?? { nl: '' })).click();
        for (const each of field.repeat?.fields ?? []) await answer(page, each, row[each.name]);
        await button(words['button.next']).click();
        await button(dutch(field.repeat?.add ?? { nl: '' })).waitFor();
      }
    } else await answer(page, field, value as Value | Parts | undefined);
  }
  return false;
}

async function answer(page: Page, field: Field | RowField, value: Value | Parts | undefined): Promise<void> {
  const group = page.getByRole('group', { name: dutch(field.label), exact: true });
  switch (field.control) {
    case 'choice':
      return await tick(page, field, String(value));
    case 'choices':
      for (const one of value as readonly string[]) await tick(page, field, one);
      return;
    case 'yes_no':
      return await page.getByRole('radio', { name: value === true ? 'Ja' : 'Nee', exact: true }).check({ force: true });
    case 'date': {
      const [year = '', month = '', day = ''] = String(value).split('-');
      for (const [part, digits] of [['day', day] as const, ['month', month] as const, ['year', year] as const])
        await box(group, words[`date.${part}`]).fill(digits);
      return;
    }
    case 'address':
      for (const [part, text] of Object.entries((value ?? {}) as Parts))
        await box(group, words[`address.${part}` as 'address.street']).fill(text);
      return;
    default:
      if (value === undefined) throw new Error(`nobody answers ${field.name}`);
      return await box(page, dutch(field.label)).fill(String(value));
  }
}

async function tick(page: Page, field: Field | RowField, value: string): Promise<void> {
  const option = field.options?.find((candidate) => candidate.value === value);
  if (!option) throw new Error(`${field.name} has no option ${value}`);
  const role = field.control === 'choices' ? 'checkbox' : 'radio';
  await page.getByRole(role, { name: dutch(option.label), exact: true }).check({ force: true });
}

function box(within: Page | Locator, name: string): Locator {
  return within.getByRole('textbox', { name, exact: true });
}
