import type { ItemSheet } from '../../contract/item-sheet.ts';
import { otherTongues, type Tongue } from '../checker/words.ts';
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
      return say('open', `<form class="handover" method="post" action="/m/${escapeHtml(page.token)}"><button>${show}</button></form>`);
    case 'sheet':
      return drawSheet(page.sheet);
    case 'gone':
    case 'too_many':
      return say(page.kind, '');
  }
}

/** Plain text as it came, whatever stands in it. */
function drawSheet({ language, title, rows, foot }: ItemSheet): string {
  const drawn = rows
    .map(({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value).replaceAll('@', '@<wbr>')}</dd></div>`)
    .join('\n');
  return `<h1>${escapeHtml(title)}</h1>\n<dl class="sheet">${drawn}</dl>\n<p>${escapeHtml(foot)}</p>\n<p>${keep[language]}</p>`;
}

type Said = Record<Tongue, { head: string; text: string }>;

const show = 'Tonen <span lang="fr">/ Afficher</span> <span lang="de">/ Anzeigen</span> <span lang="en">/ Show</span>';

const keep: Record<Tongue, string> = {
  nl: 'Deze pagina gaat maar één keer open. Hebt u ze later nodig? Maak een schermafdruk.',
  fr: 'Cette page ne s’ouvre qu’une seule fois. Il vous la faut plus tard ? Faites une capture d’écran.',
  de: 'Diese Seite öffnet sich nur einmal. Brauchen Sie sie später? Machen Sie ein Bildschirmfoto.',
  en: 'This page opens only once. Do you need it later? Take a screenshot.',
};

const words: Record<'open' | 'gone' | 'too_many', Said> = {
  open: {
    nl: { head: 'Van de kiosk naar uw telefoon', text: 'Dit gaat maar één keer open.' },
    fr: { head: 'De la borne à votre téléphone', text: 'Ceci ne s’ouvre qu’une seule fois.' },
    de: { head: 'Vom Kiosk auf Ihr Telefon', text: 'Dies öffnet sich nur einmal.' },
    en: { head: 'From the kiosk to your phone', text: 'This opens only once.' },
  },
  gone: {
    nl: { head: 'Hier is niets meer', text: 'De code werkt één keer, vijf minuten lang. Vraag aan de kiosk een nieuwe.' },
    fr: {
      head: 'Il n’y a plus rien ici',
      text: 'Le code fonctionne une seule fois, pendant cinq minutes. Demandez-en un autre à la borne.',
    },
    de: { head: 'Hier ist nichts mehr', text: 'Der Code gilt einmal, fünf Minuten lang. Lassen Sie sich am Kiosk einen neuen geben.' },
    en: { head: 'There is nothing here any more', text: 'The code works once, for five minutes. Ask the kiosk for a new one.' },
  },
  too_many: {
    nl: { head: 'Even wachten', text: 'Er kwamen veel vragen van uw verbinding. Probeer het over een minuut opnieuw.' },
    fr: { head: 'Un instant', text: 'Beaucoup de questions sont venues de votre connexion. Réessayez dans une minute.' },
    de: { head: 'Bitte warten', text: 'Von Ihrer Verbindung kamen viele Fragen. Versuchen Sie es in einer Minute erneut.' },
    en: { head: 'Please wait', text: 'Many questions came from your connection. Try again in a minute.' },
  },
};

/** As on the ticket's page: the two languages of the law open, the others folded. */
function say(what: keyof typeof words, act: string): string {
  const one = (tongue: Tongue, level: 'h1' | 'h2') => {
    const { head, text } = words[what][tongue];
    return `<section lang="${tongue}" class="saying"><${level}>${escapeHtml(head)}</${level}><p>${escapeHtml(text)}</p></section>`;
  };
  const folded = (tongue: keyof typeof otherTongues) =>
    `<details lang="${tongue}"><summary>${otherTongues[tongue]}</summary>${one(tongue, 'h2')}</details>`;
  return [one('nl', 'h1'), act, one('fr', 'h2'), folded('de'), folded('en')].filter(Boolean).join('\n');
}
