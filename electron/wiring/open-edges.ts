import { randomUUID } from 'node:crypto';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import { type CardSupervisor, createCardSupervisor } from '../identity/card-supervisor.ts';
import { forkCardProcess } from '../identity/fork-card-process.ts';
import type { KioskNews } from '../kiosk-news.ts';
import type { Log } from '../log.ts';
import { createPrinter, type Printer } from '../printing/printer.ts';
import type { Prepared } from '../terminal/prepare-start.ts';
import { cardProcess } from './places.ts';

/** A product prints on paper or not at all: a file of it would stay behind. */
export function openPrinter({ printing }: TerminalConfig): Printer | null {
  if (printing === null || (printing.to === 'folder' && __LOKET_BUILD__ === 'product')) return null;
  return createPrinter(printing, randomUUID);
}

export function openCard({ args, config, testRoots }: Prepared, log: Log, news: KioskNews): CardSupervisor {
  return createCardSupervisor({
    fork: () => forkCardProcess(cardProcess),
    start: {
      module: args.module ?? config.card.module,
      testRoots,
      pollMs: config.card.pollMs,
      allowVirtualCard: __LOKET_BUILD__ === 'demo',
      allowDialog: config.card.dialog,
    },
    log,
    onState: news.cardChanged,
  });
}
