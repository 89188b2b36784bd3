// Runs in the browser, on /operator. Draws what /operator/arrivals says; decides nothing.

const everyMs = 1000;
const reasons = {
  cannot_open: 'kan niet worden geopend',
  not_json: 'de inhoud is niet leesbaar',
  wrong_shape: 'de inhoud is onvolledig of onbekend',
  not_this_envelope: 'de inhoud hoort bij een andere omslag',
  not_storable: 'de inhoud bevat tekens die niet bewaard kunnen worden',
};
const time = new Intl.DateTimeFormat('nl-BE', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const moment = new Intl.DateTimeFormat('nl-BE', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', second: '2-digit' });

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

function stateWords(arrival) {
  if (arrival.state === 'executed') return 'Uitgevoerd';
  if (arrival.state === 'received') return 'Ontvangen, wacht op verwerking';
  return `In quarantaine: ${reasons[arrival.reason] ?? 'reden onbekend'}`;
}

function row(arrival) {
  const tr = document.createElement('tr');
  tr.className = `is-${arrival.state}`;
  const reference = cell('th', 'reference', arrival.reference);
  reference.scope = 'row';
  tr.append(
    reference,
    cell('td', '', arrival.terminal),
    arrival.product === null ? cell('td', 'soft', icon('sealed'), 'nog verzegeld') : cell('td', '', arrival.product),
    cell('td', 'state', icon(arrival.state), stateWords(arrival)),
    cell('td', 'num', String(arrival.copies)),
    cell('td', '', moment.format(new Date(arrival.receivedAt))),
  );
  return tr;
}

function draw({ at, totals, arrivals }) {
  put('at', time.format(new Date(at)));
  for (const [name, count] of Object.entries(totals)) put(`total-${name}`, String(count));
  document.getElementById('quarantine')?.classList.toggle('is-care', totals.quarantined > 0);
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
    if (!response.ok) throw new Error('refused');
    draw(await response.json());
    show('silent', false);
  } catch {
    show('silent', true);
  }
  setTimeout(look, everyMs);
}

look();
