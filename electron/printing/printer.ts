import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BrowserWindow, session } from 'electron';
import type { ItemSheet } from '../../contract/item-sheet.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { drawSheet } from './draw-sheet.ts';

export type Printer = {
  /** Resolves when the system's printing has taken it. Never rejects. */
  print(sheet: ItemSheet): Promise<boolean>;
};

const address = 'app://loket/paper';
const policy = "default-src 'none'; style-src 'unsafe-inline'";
const patienceMs = 30_000;

/**
 * Paper by way of a window that nobody sees: no script, no network, a session in memory that goes with it. `folder` writes a
 * PDF in place of paper, for the demo and the tests: a product never leaves a file.
 */
export function createPrinter(printing: NonNullable<TerminalConfig['printing']>, freshId: () => string): Printer {
  return {
    async print(sheet) {
      const paper = session.fromPartition(`paper-${freshId()}`);
      paper.webRequest.onBeforeRequest((request, answer) => answer({ cancel: request.url !== address }));
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
      paper.protocol.handle('app', async () => new Response(drawSheet(sheet), { headers }));
      const window = new BrowserWindow({
        show: false,
        webPreferences: { session: paper, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
      });
      const timer = setTimeout(() => window.destroy(), patienceMs);
      try {
        await window.loadURL(address);
        return printing.to === 'folder'
          ? await printToFolder(window, printing.folder, freshId())
          : await printOnPaper(window, printing.name);
      } catch {
        // No such printer, a full disk, or a window that took too long.
        return false;
      } finally {
        clearTimeout(timer);
        if (!window.isDestroyed()) window.destroy();
      }
    },
  };
}

function printOnPaper(window: BrowserWindow, deviceName: string): Promise<boolean> {
  return new Promise((resolve) => {
    window.once('closed', () => resolve(false));
    window.webContents.print({ silent: true, deviceName, pageSize: 'A4' }, (isTaken) => resolve(isTaken));
  });
}

async function printToFolder(window: BrowserWindow, folder: string, name: string): Promise<boolean> {
  const pdf = await window.webContents.printToPDF({ pageSize: 'A4', printBackground: false });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, `${name}.pdf`), pdf, { mode: 0o600 });
  return true;
}
