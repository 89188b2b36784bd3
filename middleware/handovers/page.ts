import type { ItemSheet } from '../../contract/item-sheet.ts';
import { escapeHtml } from '../http/page.ts';

/** What an own telephone is shown: the button that opens it once, the page, or that there is nothing any more. */
export type HandoverPage = { kind: 'open'; token: string } | { kind: 'sheet'; sheet: ItemSheet } | { kind: 'gone' } | { kind: 'too_many' };

export function drawHandover(page: HandoverPage): string {
  const language = page.kind === 'sheet' ? page.sheet.language : 'nl';
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loket</title>
<link rel="stylesheet" href="/assets/pages.css">
</head>
<body class="ticket">
<main>
${drawBody(page)}
</main>
</body>
</html>
`;
}

function drawBody(page: HandoverPage): string {
  switch (page.kind) {
    case 'open':
      // A program that looks at addresses in advance sees this, and presses nothing.
      return `${say('open')}<form method="post" action="/m/${escapeHtml(page.token)}"><button type="submit">${inAll(words.show)}</button></form>`;
    case 'sheet':
      return drawSheet(page.sheet);
    case 'gone':
    case 'too_many':
      return say(page.kind);
  }
}

/** Plain text as it came, whatever stands in it. */
function drawSheet({ title, rows, foot }: ItemSheet): string {
  const drawn = rows.map(({ name, value }) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`).join('\n');
  return `<h1>${escapeHtml(title)}</h1>\n<dl>${drawn}</dl>\n<p>${escapeHtml(foot)}</p>`;
}

type Said = Record<'nl' | 'fr' | 'de' | 'en', string>;

const words: Record<'open' | 'gone' | 'too_many' | 'show', Said> = {
  open: {
    nl: 'Dit kan één keer geopend worden.',
    fr: 'Ceci ne s’ouvre qu’une seule fois.',
    de: 'Dies lässt sich nur einmal öffnen.',
    en: 'This can be opened once.',
  },
  show: { nl: 'Tonen', fr: 'Afficher', de: 'Anzeigen', en: 'Show' },
  gone: {
    nl: 'Hier is niets meer. De code werkt één keer en vijf minuten lang. Vraag aan de kiosk een nieuwe.',
    fr: 'Il n’y a plus rien ici. Le code fonctionne une seule fois et pendant cinq minutes. Demandez-en un autre à la borne.',
    de: 'Hier ist nichts mehr. Der Code gilt einmal und fünf Minuten lang. Lassen Sie sich am Kiosk einen neuen geben.',
    en: 'There is nothing here any more. The code works once, for five minutes. Ask the kiosk for a new one.',
  },
  too_many: {
    nl: 'Er kwamen veel vragen van uw verbinding. Probeer het over een minuut opnieuw.',
    fr: 'Beaucoup de questions sont venues de votre connexion. Réessayez dans une minute.',
    de: 'Von Ihrer Verbindung kamen viele Fragen. Versuchen Sie es in einer Minute erneut.',
    en: 'Many questions came from your connection. Try again in a minute.',
  },
};

function say(what: 'open' | 'gone' | 'too_many'): string {
  return Object.entries(words[what])
    .map(([language, text]) => `<p lang="${language}">${escapeHtml(text)}</p>`)
    .join('\n');
}

function inAll(said: Said): string {
  return Object.entries(said)
    .map(([language, text]) => `<span lang="${language}">${escapeHtml(text)}</span>`)
    .join(' / ');
}
