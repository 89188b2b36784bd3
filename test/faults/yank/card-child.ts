/**
 * The app's own card process (native/card-process.ts) as a plain Node child: `process.parentPort`, which is Electron's, is
 * made of Node's channel. It beats, so that whoever watches can tell a process that is free from one that a call holds.
 */
const beatMs = 25;
let beating = false;

const parentPort = {
  postMessage(message: unknown): void {
    process.send?.(message);
    // From its first word on: before that it cannot look at any card.
    if (!beating) setInterval(() => process.send?.({ beat: true }), beatMs);
    beating = true;
  },
  on(event: 'message', listener: (event: { data: unknown }) => void): void {
    process.on(event, (data) => listener({ data }));
  },
};
Reflect.set(process, 'parentPort', parentPort);
process.on('disconnect', () => process.exit());
await import('../../../native/card-process.ts');
