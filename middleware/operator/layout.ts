import { escapeHtml } from '../http/page.ts';
import { reaches } from '../operators/accounts.ts';
import type { Session } from '../operators/sessions.ts';
import type { Tongue, Word, Words } from './words.ts';

/** Text that is already safe to stand in a page. */
export type Html = { html: string };

/** A template whose values are escaped, unless they are `Html` themselves. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | readonly Html[])[]): Html {
  const text = values.map((value) => {
    if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
    return 'html' in value ? value.html : value.map((each) => each.html).join('\n');
  });
  return { html: String.raw({ raw: parts.raw }, ...text) };
}

export const nothing: Html = { html: '' };

type PageParts = {
  tongue: Tongue;
  words: Words;
  title: Word;
  session: Session | null;
  body: Html;
  /** A script of this server, by its name under /assets. */
  script?: string;
  band?: Html;
};

const places = [
  { path: '/operator', title: 'arrivals', needs: 'viewer' },
  { path: '/operator/terminals', title: 'terminals', needs: 'viewer' },
  { path: '/operator/held', title: 'held', needs: 'viewer' },
  { path: '/operator/sources', title: 'sources', needs: 'viewer' },
  { path: '/operator/exports', title: 'exports', needs: 'operator' },
  { path: '/operator/operators', title: 'operators', needs: 'admin' },
  { path: '/operator/acts', title: 'acts', needs: 'admin' },
] as const;

export function drawPage(parts: PageParts): string {
  const { tongue, words, title, session, body, script, band = nothing } = parts;
  const other = tongue === 'nl' ? 'fr' : 'nl';
  const here = places.find((place) => place.title === title)?.path ?? (session === null ? '/operator/sign-in' : '/operator');
  const page = html`<!doctype html>
<html lang="${tongue}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loket, ${words(title)}</title>
<link rel="stylesheet" href="/assets/pages.css">
${script === undefined ? nothing : html`<script src="/assets/${script}" type="module"></script>`}
</head>
<body class="op">
<header class="op__band">
<div><p class="small">${words('middleware')}</p><h1>${words(title)}</h1></div>
${band}
<p class="op__who"><a href="${here}?lang=${other}" lang="${other}" hreflang="${other}">${words('otherLanguage')}</a></p>
</header>
${session === null ? nothing : drawPlaces(words, session, title)}
<main>
${body}
</main>
</body>
</html>
`;
  return page.html;
}

function drawPlaces(words: Words, session: Session, here: Word): Html {
  const links = places
    .filter(({ needs }) => reaches(session.role, needs))
    .map(({ path, title }) => html`<a href="${path}"${title === here ? { html: ' aria-current="page"' } : nothing}>${words(title)}</a>`);
  return html`<nav class="op__places">
${links}
<span class="op__session"><a href="/operator/password">${session.name} (${words(session.role)})</a>
<form method="post" action="/operator/sign-out"><button class="op__link">${words('signOut')}</button></form></span>
</nav>`;
}

/** A page that says one thing. */
export function drawSaying({ tongue, words }: { tongue: Tongue; words: Words }, saying: Word, session: Session | null): string {
  const body = html`<p class="care" role="alert">${words(saying)}</p><p><a href="/operator">${words('back')}</a></p>`;
  return drawPage({ tongue, words, title: 'middleware', session, body });
}

/** Something that is shown once, to be read out or copied. */
export function drawSecret(
  call: { tongue: Tongue; words: Words; session: Session },
  shown: { place: 'terminals' | 'operators'; title: string; secret: string; how: string },
): string {
  const { tongue, words, session } = call;
  const body = html`<h2>${shown.title}</h2>
<p class="op__secret"><output>${shown.secret}</output></p>
<p>${shown.how}</p>
<p><a href="/operator/${shown.place}">${words('back')}</a></p>`;
  return drawPage({ tongue, words, title: shown.place, session, body });
}

export function field(label: string, name: string, attributes: string): Html {
  return html`<label class="op__field"><span>${label}</span><input name="${name}" ${{ html: attributes }}></label>`;
}

export function sayMoment(tongue: Tongue, at: Date): string {
  return new Intl.DateTimeFormat(`${tongue}-BE`, {
    timeZone: 'Europe/Brussels',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}
