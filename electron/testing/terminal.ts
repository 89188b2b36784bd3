import { TerminalConfig } from '../../contract/terminal-config.ts';

/** An invented kiosk, for tests that need a configuration and do not care which. */
export const testTerminal = TerminalConfig.parse({
  terminal: 'kiosk-2',
  name: 'Kiosk 2',
  municipality: { code: '34022', name: { nl: 'Kortrijk' }, prefix: 'KTR', desk: { nl: 'de balie' } },
  languages: ['nl', 'fr'],
  middleware: { url: 'https://middleware.example', ticketUrl: 'https://middleware.example/t/' },
  screen: { pxPerMm: 'fit', kiosk: false },
  card: { module: null },
});
