import { escapeHtml } from '../http/page.ts';
import { drawMarks } from './marks.ts';
import { longestTyped } from './read-typed.ts';
import { sayDay } from './words.ts';

/** `online`: style and script are this server's files. `alone`: everything is in the page, the keys of that day too. */
export type CheckPage =
  | { kind: 'online' }
  | { kind: 'alone'; css: string; js: string; policy: string; keys: string; origin: string; madeAt: string };

/** Somebody who holds a paper, or a file with a code in it, and wants to know whether it is genuine. */
export function drawCheckPage(page: CheckPage): string {
  return `<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${page.kind === 'alone' ? `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(page.policy)}">` : ''}
<title>Een code nakijken / Vérifier un code</title>
${page.kind === 'online' ? '<link rel="stylesheet" href="/assets/pages.css">' : `<style>${page.css}</style>`}
${page.kind === 'online' ? '<script src="/assets/checker.js" type="module"></script>' : ''}
</head>
<body class="ticket">
<main>
<h1>Een code nakijken <span lang="fr">/ Vérifier un code</span></h1>
<p>Is dit ticket of ontvangstbewijs echt? Plak het hele adres uit het vierkant, of typ de referentie, een spatie en de code. Wat u hier invult, blijft op dit toestel.</p>
<p lang="fr">Ce ticket ou cet accusé de réception est-il authentique ? Collez l’adresse complète du carré, ou tapez la référence, une espace et le code. Ce que vous saisissez ici reste sur cet appareil.</p>
<details lang="de"><summary>Deutsch</summary><p>Ist dieses Ticket oder diese Empfangsbestätigung echt? Fügen Sie die ganze Adresse aus dem Quadrat ein, oder tippen Sie die Referenz, ein Leerzeichen und den Code. Was Sie hier eingeben, bleibt auf diesem Gerät.</p></details>
<details lang="en"><summary>English</summary><p>Is this ticket or receipt genuine? Paste the whole address out of the square, or type the reference, a space and the code. What you enter here stays on this device.</p></details>
<noscript><p class="care">Nakijken gebeurt in uw browser en heeft JavaScript nodig. <span lang="fr">La vérification se fait dans votre navigateur et nécessite JavaScript.</span> <span lang="de">Geprüft wird in Ihrem Browser, mit JavaScript.</span> <span lang="en">Checking is done in your browser and needs JavaScript.</span></p></noscript>
<form id="check" class="check">
<label for="typed">Adres, of referentie en code <span lang="fr">/ Adresse, ou référence et code</span> <span lang="de">/ Adresse, oder Referenz und Code</span> <span lang="en">/ Address, or reference and code</span></label>
<textarea id="typed" rows="4" maxlength="${longestTyped}" spellcheck="false" autocomplete="off" autocapitalize="off" required></textarea>
<button>Kijk na <span lang="fr">/ Vérifier</span> <span lang="de">/ Prüfen</span> <span lang="en">/ Check</span></button>
</form>
<div id="said" role="status"></div>
${page.kind === 'online' ? drawOffer() : drawAge(page)}
</main>
${drawMarks()}
${page.kind === 'alone' ? drawInline(page) : ''}
</body>
</html>
`;
}

function drawOffer(): string {
  return `<p class="ticket__check"><a href="/checker.html" download="loket-check.html">Bewaar deze pagina met de sleutels van vandaag, om zonder internet te gebruiken <span lang="fr">/ Enregistrer cette page avec les clés d’aujourd’hui, pour l’utiliser sans internet</span> <span lang="de">/ Diese Seite mit den Schlüsseln von heute speichern, für den Gebrauch ohne Internet</span> <span lang="en">/ Save this page with today’s keys, to use it without internet</span></a></p>`;
}

function drawAge({ madeAt, origin }: Extract<CheckPage, { kind: 'alone' }>): string {
  const address = escapeHtml(`${origin}/check`);
  return `<p class="ticket__check">Sleutels van ${sayDay('nl', madeAt)}, van <a href="${address}">${address}</a>. Daar ziet u ook of een aanvraag al ontvangen is. <span lang="fr">/ Clés du ${sayDay('fr', madeAt)}, de cette adresse. On y voit aussi si une demande est déjà reçue.</span> <span lang="de">/ Schlüssel vom ${sayDay('de', madeAt)}, von dieser Adresse.</span> <span lang="en">/ Keys of ${sayDay('en', madeAt)}, from this address.</span></p>`;
}

/** In a block of data nothing is carried out; only `<` could end it. */
function drawInline({ js, keys }: Extract<CheckPage, { kind: 'alone' }>): string {
  return `<script type="application/json" id="keys">${keys.replaceAll('<', '\\u003c')}</script>
<script type="module">${js}</script>`;
}
