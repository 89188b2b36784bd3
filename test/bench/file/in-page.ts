/** What runs in the page: each returns an expression, which looks at the page as a person does, and not at how it is built. */

/** A frame with what stands there now was handed on. */
const afterFrame = `const afterFrame = (then) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => then(performance.timeOrigin + performance.now());
  port2.postMessage(null);
});`;

/** Rows that the list says it has, drawn or not. */
const rows = `const rows = () => Number(document.querySelector('.items li')?.getAttribute('aria-setsize') ?? 0);`;

/**
 * From here on notes when the first thing was on the glass, and when what each source said was in the list, by the system's
 * clock: `window.benchFile`.
 */
export const watchFile = `(() => {
  ${afterFrame} ${rows}
  const seen = { first: null, shown: {}, items: 0, ended: false };
  window.benchFile = seen;
  window.loket.onKioskView(({ screen }) => { seen.ended = screen.name === 'file' && screen.stage === 'ended'; });
  window.loket.onFile((push) => {
    seen.items += push.items.length;
    const total = seen.items;
    const answered = push.sources.filter(({ state }) => state === 'fresh' || state === 'stale').map(({ id }) => id);
    if (answered.length === 0) return;
    const look = () => {
      if (rows() < total) return requestAnimationFrame(look);
      afterFrame((at) => {
        for (const id of answered) seen.shown[id] ??= at;
        if (total > 0) seen.first ??= at;
      });
    };
    look();
  });
  return true;
})()`;

/** Milliseconds from asking main for the view until it is in the page and a frame was handed on: the way there and back. */
export const timeWayBack = `new Promise((resolve) => {
  ${afterFrame}
  const begun = performance.timeOrigin + performance.now();
  const stop = window.loket.onKioskView(() => { stop(); afterFrame((at) => resolve(at - begun)); });
  window.loket.ask('screen.ready', {});
})`;

/** From the list of products to the file that this visit has read: milliseconds until it is drawn. */
export const timeOpening = `new Promise((resolve) => {
  ${afterFrame} ${rows}
  const begun = performance.timeOrigin + performance.now();
  window.loket.ask('file.open', {});
  const look = () => (rows() > 0 ? afterFrame((at) => resolve(at - begun)) : requestAnimationFrame(look));
  look();
})`;

/** Goes down the list for so many frames; the milliseconds between each two. */
export function timeScrolling(frames: number): string {
  return `new Promise((resolve) => {
    const box = document.querySelector('.scroll__box');
    const times = [];
    let last = performance.now();
    const step = () => {
      const now = performance.now();
      times.push(now - last);
      last = now;
      if (times.length > ${frames}) return resolve(times.slice(1));
      box.scrollTop = box.scrollTop + 160 > box.scrollHeight - box.clientHeight ? 0 : box.scrollTop + 160;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`;
}

/**
 * Presses these keys on the glass, in the field that searches the file. Of each the milliseconds until what is found stands
 * in the page and is laid out; a frame passes between two of them, as between those of a person.
 */
export function timeTyping(text: string): string {
  return `(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const open = [...document.querySelectorAll('.tools__row')][0].querySelector('.btn:last-child');
    const press = (button) => button.click();
    if (document.querySelector('#file-query')) { press(open); await frame(); }
    press([...document.querySelectorAll('.tools__row')][0].querySelector('.btn:last-child'));
    await frame();
    document.querySelector('#file-query').focus();
    for (let looks = 0; looks < 50 && !document.querySelector('.keys [data-skbtn="e"]'); looks += 1) await frame();
    const said = () => document.querySelector('.tools__search [role="status"]').textContent;
    const times = [];
    for (const letter of ${JSON.stringify([...text])}) {
      await frame();
      const key = document.querySelector(\`.keys [data-skbtn="\${letter === ' ' ? '{space}' : letter}"]\`);
      const before = document.querySelector('#file-query').value;
      const begun = performance.now();
      key.click();
      await null;
      document.body.getBoundingClientRect();
      times.push(performance.now() - begun);
      if (document.querySelector('#file-query').value !== before + letter) throw new Error('the key wrote something else');
      const found = said();
      await frame();
      await frame();
      if (said() !== found) throw new Error('what is found came later than the key');
    }
    return times;
  })()`;
}
