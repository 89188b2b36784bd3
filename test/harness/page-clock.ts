import type { ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';

/**
 * Looks into a page of a freshly spawned Electron over its own debugging port. Playwright is not used here: it starts the
 * inspector of the main process and waits at several points, which would be measured along. The times are taken inside the
 * page, by the same clock as `Date.now()`, so that the way to it does not count either.
 */
export type PageClock = {
  /** Runs an expression in the page (a promise is awaited); again, when the page is replaced by its next document meanwhile. */
  evaluate(expression: string): Promise<unknown>;
  /** A press and release of the mouse, through the same way as a real one. */
  click(x: number, y: number): Promise<void>;
  close(): void;
};

const Target = z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string() });
const Reply = z.object({ id: z.int().optional(), result: z.unknown().optional(), error: z.object({ message: z.string() }).optional() });
const Evaluated = z.object({ result: z.object({ value: z.unknown() }), exceptionDetails: z.unknown().optional() });

/** The port that Chromium chose (`--remote-debugging-port=0`), as it says on stderr. */
export function readDebuggingPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', (code) =>
      reject(new Error(`Electron ended (${code ?? 'killed'}) before it could be measured\n${said.slice(-2000)}`)),
    );
  });
}

/** Waits until a page whose address matches is there. */
export async function openPageClock(port: number, address: RegExp): Promise<PageClock> {
  for (let tries = 0; tries < 3000; tries += 1) {
    const targets = z.array(Target).parse(await (await fetch(`http://127.0.0.1:${port}/json/list`)).json());
    const page = targets.find(({ type, url }) => type === 'page' && address.test(url));
    if (page !== undefined) return connect(page.webSocketDebuggerUrl);
    await wait(10);
  }
  throw new Error('the page to be measured did not appear');
}

async function connect(url: string): Promise<PageClock> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, (reply: z.infer<typeof Reply>) => void>();
  socket.addEventListener('message', (event) => {
    const reply = Reply.parse(JSON.parse(String(event.data)));
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the page to be measured went away')));
  });
  let last = 0;
  const send = (method: string, params: object) =>
    new Promise<unknown>((resolve, reject) => {
      last += 1;
      const id = last;
      waiting.set(id, ({ result, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(new Error(error.message));
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    async evaluate(expression) {
      const ask = () => send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      const askAgain = (error: Error): Promise<unknown> =>
        /context was destroyed|target navigated/.test(error.message) ? ask().catch(askAgain) : Promise.reject(error);
      const { result, exceptionDetails } = Evaluated.parse(await ask().catch(askAgain));
      if (exceptionDetails !== undefined) throw new Error(`the page threw: ${JSON.stringify(exceptionDetails)}`);
      return result.value;
    },
    async click(x, y) {
      const button = { x, y, button: 'left', clickCount: 1 };
      await send('Input.dispatchMouseEvent', { type: 'mousePressed', ...button });
      await send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...button });
    },
    close: () => socket.close(),
  };
}
