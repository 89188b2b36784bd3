// Runs in the browser, on /operator/exports. Reads a terminal's export and brings it to the middleware piece by piece.

const form = document.getElementById('export');
const words = JSON.parse(form?.dataset.words ?? '{}');

function say(word, values = {}) {
  const said = document.getElementById('said');
  if (said !== null) said.textContent = words[word].replaceAll(/\{(\w)\}/g, (_, name) => String(values[name]));
}

async function post(path, body) {
  const response = await fetch(`/operator/exports/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  // Refused as a whole is refused item by item: the others go on.
  if (response.status === 422) return null;
  if (!response.ok) throw new Error('refused');
  return await response.json();
}

async function readFile() {
  const file = document.getElementById('file')?.files?.[0];
  const content = JSON.parse((await file?.text()) ?? '');
  if (content?.kind !== 'loket/export/1' || !Array.isArray(content.deliveries) || !Array.isArray(content.losses))
    throw new Error('not one');
  return content;
}

async function bring({ terminal, deliveries, losses }) {
  const counts = { n: 0, h: 0, r: 0 };
  await post('begun', { terminal, deliveries: deliveries.length, losses: losses.length });
  for (const statement of losses) await post('parts', { kind: 'loss', terminal, statement });
  for (const [at, items] of deliveries.entries()) {
    const reply = await post('parts', { kind: 'delivery', terminal, items });
    const received = reply?.results.filter((result) => result.status === 'received') ?? [];
    counts.n += received.length;
    counts.h += received.filter((result) => result.held).length;
    counts.r += items.length - received.length;
    say('exportProgress', { n: at + 1, m: deliveries.length });
  }
  say('exportDone', counts);
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const content = await readFile().catch(() => null);
    if (content === null) say('exportNotOne');
    else await bring(content);
  } catch {
    say('exportStopped');
  } finally {
    button.disabled = false;
  }
});
