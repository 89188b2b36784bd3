import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import dutch from '../../renderer/i18n/nl.json' with { type: 'json' };

export type Word = keyof typeof dutch;

/** The words of the page without their bold marks, as they are read. */
export const words = Object.fromEntries(Object.entries(dutch).map(([word, text]) => [word, text.replaceAll(/<\/?b>/g, '')])) as Record<
  Word,
  string
>;

/** Somebody in front of the kiosk: sees headings, presses what has a name, types on the glass. Knows no selectors. */
export type Person = {
  page: Page;
  /** Waits until the page's heading is this; `patienceMs` for what a person's hand has to do first. */
  see(word: Word, patienceMs?: number): Promise<void>;
  /** Waits until the question is on the glass. */
  seeQuestion(question: string, patienceMs?: number): Promise<void>;
  press(word: Word, values?: Record<string, string>): Promise<void>;
  pressNamed(name: string | RegExp): Promise<void>;
  choose(label: string): Promise<void>;
  /** Types in the search and takes what it finds: the product of this name, whatever stands before it. */
  find(typed: string, title: string | RegExp): Promise<void>;
  typeOnGlass(text: string): Promise<void>;
  /** A picture of the glass, numbered in the order taken. Answers its path. */
  picture(name: string): Promise<string>;
};

/** How long a person waits for the next page before giving up. Not a promise about speed: the bench measures that. */
const patience = 20_000;

export function createPerson(page: Page, pictures: string | null): Person {
  page.setDefaultTimeout(patience);
  let taken = 0;
  const person: Person = {
    page,
    see: (word, patienceMs) => person.seeQuestion(words[word], patienceMs),
    async seeQuestion(question, patienceMs = patience) {
      await page.getByRole('heading', { level: 1, name: question, exact: true }).waitFor({ timeout: patienceMs });
    },
    press: (word, values) => person.pressNamed(fill(words[word], values)),
    async pressNamed(name) {
      await page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).click();
    },
    async choose(label) {
      await page.getByRole('radio', { name: label }).check({ force: true });
    },
    async find(typed, title) {
      await person.typeOnGlass(typed);
      await page.getByRole('option').filter({ hasText: title }).first().click();
    },
    async typeOnGlass(text) {
      const keys = page.getByRole('group', { name: words['keyboard.label'] });
      for (const letter of text) {
        const name = letter === ' ' ? words['keyboard.space'] : letter;
        await keys.getByRole('button', { name, exact: true }).click();
      }
    },
    async picture(name) {
      if (pictures === null) return '';
      await mkdir(pictures, { recursive: true });
      taken += 1;
      const file = join(pictures, `${String(taken).padStart(2, '0')}-${name}.png`);
      await page.screenshot({ path: file, animations: 'disabled' });
      return file;
    },
  };
  return person;
}

function fill(message: string, values: Record<string, string> = {}): string {
  return message.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
