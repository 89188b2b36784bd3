import { EventEmitter } from 'node:events';

/** A page whose loads end when the test says so. */
export class FakePage extends EventEmitter {
  destroyed = false;
  crashed = 0;
  sent: unknown[] = [];
  readonly loads: { url: string; done: () => void; fail: () => void }[] = [];

  isDestroyed(): boolean {
    return this.destroyed;
  }

  /** As Electron does it: a load that begins aborts the one before it. */
  loadURL(url: string): Promise<void> {
    this.loads.at(-1)?.fail();
    return new Promise((resolve, reject) => {
      this.loads.push({ url, done: resolve, fail: () => reject(new Error('ERR_ABORTED')) });
    });
  }

  forcefullyCrashRenderer(): void {
    this.crashed += 1;
    this.die();
  }

  /** Electron tells of the process first, and then that what was loading will not come. */
  die(reason = 'crashed'): void {
    this.emit('render-process-gone', {}, { reason });
    this.loads.at(-1)?.fail();
  }

  close(): void {
    this.destroyed = true;
  }

  send(_channel: string, what: unknown): void {
    this.sent.push(what);
  }

  focus(): void {}

  setWindowOpenHandler(): void {}

  async setVisualZoomLevelLimits(): Promise<void> {}
}
