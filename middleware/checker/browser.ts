import * as z from 'zod';
import { TicketStatus } from '../../contract/wire.ts';
import { readTyped, type Typed } from './read-typed.ts';
import { checkCode, type Keys, readKeys } from './verify.ts';
import { otherTongues, type Said, sayResult, type Tongue, tongues } from './words.ts';

/**
 * Runs in a browser: on the ticket's page, on /check, and in the file that /checker.html gives away, where the keys lie
 * beside it and nothing is asked of anybody.
 */

// Its own compiler is `new Function`, which the page's policy forbids.
z.config({ jitless: true });

let keys: Promise<Keys | null> | null = null;

/** The file that was kept: it has its keys. */
const beside = document.getElementById('keys')?.textContent;
/** The ticket's page: it says by itself what became of that reference. */
const reference = document.getElementById('said')?.dataset.reference;

async function findKeys(): Promise<Keys | null> {
  try {
    return await readKeys(beside === undefined ? await (await fetch('/v1/check-keys')).json() : JSON.parse(beside));
  } catch {
    return null;
  }
}

async function askStatus(asked: string): Promise<TicketStatus | null> {
  if (beside !== undefined || reference !== undefined) return null;
  try {
    return TicketStatus.parse(await (await fetch(`/v1/tickets/${asked}`)).json());
  } catch {
    return null;
  }
}

async function check(read: Typed | null): Promise<Said> {
  if (read === null) return { kind: 'no_reference' };
  if (read.code === '') return { kind: 'no_code' };
  keys ??= findKeys();
  const known = await keys;
  if (known === null) {
    // A line that was down may be up again when somebody presses once more.
    keys = null;
    return { kind: 'no_keys' };
  }
  const outcome = await checkCode(read.reference, read.code, known);
  const isLate = Date.parse(known.set.nextUpdate) < Date.now();
  const status = outcome.kind === 'kept' ? await askStatus(read.reference) : null;
  return { kind: 'checked', outcome, status, keysLate: isLate ? known.set.nextUpdate : null };
}

function draw(said: Said): void {
  const sayings = tongues.map((tongue) => (tongue in otherTongues ? fold(tongue, drawSaying(tongue, said)) : drawSaying(tongue, said)));
  document.getElementById('said')?.replaceChildren(...sayings);
  openOwn();
}

function fold(tongue: Tongue, saying: HTMLElement): HTMLElement {
  const details = element('details', '');
  details.lang = tongue;
  details.append(element('summary', '', Object.entries(otherTongues).find(([key]) => key === tongue)?.[1]), saying);
  return details;
}

/** What somebody reads in this browser stands open. */
function openOwn(): void {
  const own = navigator.language.slice(0, 2);
  for (const details of document.querySelectorAll('details')) details.open ||= details.lang === own;
}

function drawSaying(tongue: Tongue, said: Said): HTMLElement {
  const { mark, head, text } = sayResult(tongue, said);
  const section = element('section', `saying saying--${mark}`);
  section.lang = tongue;
  section.dataset.outcome = said.kind === 'checked' ? said.outcome.kind : said.kind;
  section.append(drawMark(mark), element('h2', '', head), ...text.map((sentence) => element('p', '', sentence)));
  return section;
}

function drawMark(mark: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'saying__mark');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#mark-${mark}`);
  svg.append(use);
  return svg;
}

function element(tag: string, name: string, text = ''): HTMLElement {
  const made = document.createElement(tag);
  if (name !== '') made.className = name;
  made.textContent = text;
  return made;
}

function run(typed: Typed | null): void {
  check(typed)
    .then(draw)
    .catch(() => draw({ kind: 'no_keys' }));
}

function fragment(): string {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkAddress(): void {
  if (location.hash.length < 2) return;
  run(reference === undefined ? readTyped(fragment()) : { reference, code: fragment() });
}

document.getElementById('check')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const field = document.getElementById('typed');
  if (field instanceof HTMLTextAreaElement) run(readTyped(field.value));
});
addEventListener('hashchange', checkAddress);
openOwn();
checkAddress();
