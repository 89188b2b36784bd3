// Runs in the browser, on /operator. Draws what /operator/arrivals says; decides nothing.

const everyMs = 1000;
const language = `${document.documentElement.lang}-BE`;
const words = JSON.parse(document.getElementById('some')?.dataset.words ?? '{}');
const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const moment = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', second: '2-digit' });

const heads = [...document.querySelectorAll('thead th')].map((head) => head.textContent);

let drawn = '';

function put(id, text) {
  const element = document.getElementById(id);
  if (element !== null && element.textContent !== text) element.textContent = text;
}

function show(id, visible) {
  const element = document.getElementById(id);
  if (element !== null) element.hidden = !visible;
}

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', `#${name}`);
  svg.append(use);
  return svg;
}

function cell(tag, className, ...content) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

/** What became of it: the words, the mark beside them, and whether somebody has to look. */
function outcomeOf({ state, status, reason, isPostponed }) {
  const because = (text) => text.replace('{reason}', words[reason] ?? words.reasonUnknown);
  if (state === 'received') return [isPostponed ? words.isPostponed : words.isReceived, 'wait', false];
  if (state === 'held') return [words.isHeld, 'care', true];
  if (state === 'quarantined') return [because(words.isQuarantined), 'care', true];
  if (state === 'rejected') return [because(words.isRejected), 'care', false];
  if (status === 'refused') return [because(words.isRefused), 'care', false];
  if (status === 'awaiting_attachment') return [words.isAwaiting, 'wait', false];
  return status === 'doubted' ? [words.isDoubted, 'care', true] : [words.isExecuted, 'done', false];
}

function row(arrival) {
  const [said, mark, care] = outcomeOf(arrival);
  const tr = document.createElement('tr');
  tr.className = care ? 'is-quarantined' : '';
  const reference = cell('th', 'reference', arrival.reference);
  reference.scope = 'row';
  const cells = [
    reference,
    cell('td', '', arrival.terminal),
    arrival.product === null ? cell('td', 'soft', icon('sealed'), words.stillSealed) : cell('td', '', arrival.product),
    cell('td', 'state', icon(mark), said),
    cell('td', 'num', String(arrival.copies)),
    cell('td', '', moment.format(new Date(arrival.receivedAt))),
  ];
  // Where the columns do not fit, each cell says what it is.
  for (const [at, each] of cells.entries()) if (at > 0) each.dataset.head = heads[at];
  tr.append(...cells);
  return tr;
}

function draw({ at, totals, arrivals }) {
  put('at', time.format(new Date(at)));
  for (const [name, count] of Object.entries(totals)) put(`total-${name}`, String(count));
  for (const name of ['held', 'quarantined']) document.getElementById(name)?.classList.toggle('is-care', totals[name] > 0);
  show('none', arrivals.length === 0);
  show('some', arrivals.length > 0);
  // Only when something changed: otherwise every second would take away what somebody is selecting or listening to.
  const now = JSON.stringify(arrivals);
  if (now === drawn) return;
  drawn = now;
  document.getElementById('rows')?.replaceChildren(...arrivals.map(row));
}

async function look() {
  try {
    const response = await fetch('/operator/arrivals', { headers: { accept: 'application/json' } });
    // The session ended: the page asks for a sign-in.
    if (response.status === 401) return location.assign('/operator/sign-in');
    if (!response.ok) throw new Error('refused');
    draw(await response.json());
    show('silent', false);
  } catch {
    show('silent', true);
  }
  setTimeout(look, everyMs);
}

look();
