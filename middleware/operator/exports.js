// Runs in the browser, on /operator/exports. Reads a terminal's export, a line at a time, and brings it to the middleware.

const form = document.getElementById('export');
const words = JSON.parse(form?.dataset.words ?? '{}');
const queueFile = 'queue.jsonl';
const pieceBytes = 256 * 1024;

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

async function* readLines(file) {
  let rest = '';
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
  if (rest !== '') yield JSON.parse(rest);
}

/** Once through it before anything is brought: a file that was cut has no end. Answers how many parts. */
async function lookThrough(file) {
  let head = null;
  let last = null;
  let parts = 0;
  for await (const value of readLines(file)) {
    if (head === null) head = value;
    else parts += 1;
    last = value;
  }
  if (head?.kind !== 'loket/export/1') throw new Error('not one');
  return { parts: parts - 1, isWhole: last?.part === 'end' };
}

async function bringAttachment({ terminal, id, length, sha256 }, files) {
  const file = files.find(({ name }) => name === `${id}.sealed`);
  if (file === undefined || file.size !== length) return false;
  let at = (await post('parts', { kind: 'attachment', terminal, id, length, sha256 }))?.offset;
  while (at < length) {
    const bytes = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
    let text = '';
    for (let from = 0; from < bytes.length; from += 8192) text += String.fromCharCode(...bytes.subarray(from, from + 8192));
    at = (await post('parts', { kind: 'piece', terminal, id, offset: at, content: btoa(text) }))?.offset;
  }
  return at === length;
}

async function bringDelivery({ terminal, items }, counts) {
  const reply = await post('parts', { kind: 'delivery', terminal, items });
  const received = reply?.results.filter((result) => result.status === 'received') ?? [];
  counts.n += received.length;
  counts.h += received.filter((result) => result.held).length;
  counts.r += items.length - received.length;
}

async function bring(file, files, { parts }) {
  const counts = { n: 0, h: 0, r: 0, a: 0, b: 0 };
  let at = 0;
  for await (const value of readLines(file)) {
    if (value.part === 'loss') await post('parts', { kind: 'loss', terminal: value.terminal, statement: value.statement });
    if (value.part === 'delivery') await bringDelivery(value, counts);
    if (value.part === 'attachment') counts[(await bringAttachment(value, files)) ? 'a' : 'b'] += 1;
    if (value.part !== undefined && value.part !== 'end') say('exportProgress', { n: ++at, m: parts });
  }
  say('exportDone', counts);
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const files = [...(document.getElementById('folder')?.files ?? [])];
    const file = files.find(({ name }) => name === queueFile);
    const found = file === undefined ? null : await lookThrough(file).catch(() => null);
    if (found === null) say('exportNotOne');
    else if (!found.isWhole) say('exportCut');
    else await bring(file, files, found);
  } catch {
    say('exportStopped');
  } finally {
    button.disabled = false;
  }
});
