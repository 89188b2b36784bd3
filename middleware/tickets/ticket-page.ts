import { unreachable } from '../../contract/result.ts';
import { drawMark, drawMarks, type Mark } from '../checker/marks.ts';
import { otherTongues, pickIn, type Tongue } from '../checker/words.ts';
import { escapeHtml } from '../http/page.ts';

export type TicketPage = { kind: 'received' | 'not_yet'; reference: string } | { kind: 'no_reference' } | { kind: 'too_many' };

type Words = { head: string; text: string; mark: Mark };

/** The page behind a ticket's code. No person, no product: whoever finds the paper may read it. */
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
${reference === null ? '' : `<p class="ticket__reference"><span class="ticket__label">Referentie <span lang="fr">/ Référence</span> <span lang="de">/ Referenz</span></span> <strong>${escapeHtml(reference)}</strong></p>`}
${drawSaying('nl', page)}
${drawSaying('fr', page)}
${drawFolded('de', page)}
${drawFolded('en', page)}
${reference === null ? '' : `<div id="said" role="status" data-reference="${escapeHtml(reference)}"></div>`}
<p class="ticket__check"><a href="/check">Een code nakijken <span lang="fr">/ Vérifier un code</span> <span lang="de">/ Einen Code prüfen</span> <span lang="en">/ Check a code</span></a></p>
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

function drawFolded(tongue: keyof typeof otherTongues, page: TicketPage): string {
  return `<details lang="${tongue}"><summary>${otherTongues[tongue]}</summary>${drawSaying(tongue, page)}</details>`;
}

function wordsFor(tongue: Tongue, page: TicketPage): Words {
  const pick = pickIn(tongue);
  switch (page.kind) {
    case 'received':
      return {
        mark: 'done',
        head: pick('Ontvangen', 'Reçu', 'Empfangen', 'Received'),
        text: pick(
          'De gemeente heeft uw aanvraag ontvangen. U hoeft niets opnieuw te sturen.',
          'La commune a reçu votre demande. Vous ne devez rien renvoyer.',
          'Die Gemeinde hat Ihren Antrag empfangen. Sie müssen nichts erneut senden.',
          'The municipality has received your request. You need not send anything again.',
        ),
      };
    case 'not_yet':
      return {
        mark: 'wait',
        head: pick('Nog niet ontvangen', 'Pas encore reçu', 'Noch nicht empfangen', 'Not yet received'),
        text: pick(
          'Onder deze referentie is hier nog niets aangekomen. Wat in de kiosk wacht, vertrekt vanzelf zodra er verbinding is. Kijk later opnieuw, of vraag het aan de balie.',
          'Rien n’est encore arrivé ici sous cette référence. Ce qui attend dans la borne part tout seul dès que la connexion est rétablie. Revenez plus tard, ou demandez au guichet.',
          'Unter dieser Referenz ist hier noch nichts angekommen. Was im Kiosk wartet, wird von selbst gesendet, sobald es eine Verbindung gibt. Schauen Sie später wieder, oder fragen Sie am Schalter.',
          'Nothing has arrived here under this reference yet. What waits in the kiosk leaves by itself as soon as there is a connection. Look again later, or ask at the desk.',
        ),
      };
    case 'no_reference':
      return {
        mark: 'care',
        head: pick('Dit is geen referentie', 'Ceci n’est pas une référence', 'Das ist keine Referenz', 'This is not a reference'),
        text: pick(
          'Een referentie heeft drie letters en twee keer vier tekens, zoals op uw ticket. Lees ze daar nog eens na.',
          'Une référence a trois lettres et deux fois quatre signes, comme sur votre ticket. Relisez-la sur le ticket.',
          'Eine Referenz hat drei Buchstaben und zweimal vier Zeichen, wie auf Ihrem Ticket. Lesen Sie sie dort noch einmal nach.',
          'A reference has three letters and twice four characters, as on your ticket. Please read it there again.',
        ),
      };
    case 'too_many':
      return {
        mark: 'care',
        head: pick('Even wachten', 'Un instant', 'Einen Augenblick', 'One moment'),
        text: pick(
          'Er kwamen veel vragen van uw verbinding. Probeer het over een minuut opnieuw.',
          'Beaucoup de questions sont venues de votre connexion. Réessayez dans une minute.',
          'Von Ihrer Verbindung kamen viele Fragen. Versuchen Sie es in einer Minute erneut.',
          'Many questions came from your connection. Try again in a minute.',
        ),
      };
    default:
      return unreachable(page);
  }
}
