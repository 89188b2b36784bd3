import { unreachable } from '../../contract/result.ts';
import { drawMark, drawMarks, type Mark } from '../checker/marks.ts';
import type { Tongue } from '../checker/words.ts';
import { escapeHtml } from '../http/page.ts';

export type TicketPage = { kind: 'received' | 'not_yet'; reference: string } | { kind: 'no_reference' } | { kind: 'too_many' };

type Words = { head: string; text: string; mark: Mark };

/** The page behind a ticket's code, in Dutch and French. No person, no product: whoever finds the paper may read it. */
export function drawTicketPage(page: TicketPage): string {
  const reference = 'reference' in page ? page.reference : null;
  const title = reference === null ? 'Ticket' : `Ticket ${reference}`;
  return `<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/assets/pages.css">
${reference === null ? '' : '<script src="/assets/checker.js" type="module"></script>'}
</head>
<body class="ticket">
<main>
${reference === null ? '' : `<p class="ticket__reference"><span class="ticket__label">Referentie <span lang="fr">/ Référence</span></span> <strong>${escapeHtml(reference)}</strong></p>`}
${drawSaying('nl', page)}
${drawSaying('fr', page)}
${reference === null ? '' : `<div id="said" role="status" data-reference="${escapeHtml(reference)}"></div>`}
<p class="ticket__check"><a href="/check">Een code nakijken <span lang="fr">/ Vérifier un code</span></a></p>
</main>
${drawMarks()}
</body>
</html>
`;
}

function drawSaying(tongue: Tongue, page: TicketPage): string {
  const { head, text, mark } = wordsFor(tongue, page);
  const level = tongue === 'nl' ? 'h1' : 'h2';
  return `<section lang="${tongue}" class="saying saying--${mark}">${drawMark(mark)}<${level}>${escapeHtml(head)}</${level}><p>${escapeHtml(text)}</p></section>`;
}

function wordsFor(tongue: Tongue, page: TicketPage): Words {
  const dutch = tongue === 'nl';
  switch (page.kind) {
    case 'received':
      return {
        mark: 'done',
        head: dutch ? 'Ontvangen' : 'Reçu',
        text: dutch
          ? 'De gemeente heeft uw aanvraag ontvangen. U hoeft niets opnieuw te sturen.'
          : 'La commune a reçu votre demande. Vous ne devez rien renvoyer.',
      };
    case 'not_yet':
      return {
        mark: 'wait',
        head: dutch ? 'Nog niet ontvangen' : 'Pas encore reçu',
        text: dutch
          ? 'Onder deze referentie is hier nog niets aangekomen. Wat in de kiosk wacht, vertrekt vanzelf zodra er verbinding is. Kijk later opnieuw, of vraag het aan de balie.'
          : 'Rien n’est encore arrivé ici sous cette référence. Ce qui attend dans la borne part tout seul dès que la connexion est rétablie. Revenez plus tard, ou demandez au guichet.',
      };
    case 'no_reference':
      return {
        mark: 'care',
        head: dutch ? 'Dit is geen referentie' : 'Ceci n’est pas une référence',
        text: dutch
          ? 'Een referentie heeft drie letters en twee keer vier tekens, zoals op uw ticket. Lees ze daar nog eens na.'
          : 'Une référence a trois lettres et deux fois quatre signes, comme sur votre ticket. Relisez-la sur le ticket.',
      };
    case 'too_many':
      return {
        mark: 'care',
        head: dutch ? 'Even wachten' : 'Un instant',
        text: dutch
          ? 'Er kwamen veel vragen van uw verbinding. Probeer het over een minuut opnieuw.'
          : 'Beaucoup de questions sont venues de votre connexion. Réessayez dans une minute.',
      };
    default:
      return unreachable(page);
  }
}
