import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import type { DemoLine } from '../../contract/dock.ts';
import { TerminalConfig } from '../../contract/terminal-config.ts';
import { makeDemoKeys } from '../../middleware/demo-keys.ts';
import {
  buildVirtualCard,
  insertCard,
  makeReader,
  type Pace,
  plugReader,
  readState,
  removeCard,
  setState,
} from '../../native/virtual-card/control.ts';
import type { Authority } from './authority.ts';
import { type BackOfficesProcess, type Scene, startBackOfficesProcess } from './back-offices-process.ts';
import { type ControlServer, startControlServer } from './control-server.ts';
import { type Line, startLine } from './line.ts';
import { type MiddlewareProcess, startMiddlewareProcess } from './middleware-process.ts';

/** The world around the app: the card in its reader, the line, the middleware. All real; only the world is invented. */
export type Edges = {
  dir: string;
  /** For `--config`. */
  configFile: string;
  /** For `--demo-edges`. */
  edgesFile: string;
  /** The card module and the roots to believe, as the app's command line takes them (not in the product build). */
  appArgs: string[];
  /** For the app's environment. */
  env: Record<string, string>;
  /** Path of the PKCS#11 module. */
  module: string;
  middleware: MiddlewareProcess;
  /** Says which certificates of the virtual card are revoked; null when a module of somebody's own choice is used. */
  authority: Authority | null;
  /** The 150 invented applications that a person's file is made of. */
  backOffices: BackOfficesProcess;
  line: Line;
  /** As the dock does it: `nonsense` is said by the middleware, everything else is the line. */
  setLine(line: DemoLine): Promise<void>;
  /** The virtual card's reader, or null when a module of somebody's own choice is used. */
  card: {
    insert(persona: string): void;
    remove(): void;
    plug(plugged: boolean): void;
    /** Each command to the card takes this long, and a card that is pulled is missed at once, until the answer is called. */
    slow(microseconds: number): () => void;
  } | null;
  stop(): Promise<void>;
};

export type EdgesOptions = {
  /** A folder for what is written here. */
  dir: string;
  /** A PKCS#11 module in place of the virtual card, with the roots (PEM files) to believe besides the pinned ones. */
  module?: string | undefined;
  testRoots?: readonly string[] | undefined;
  /** A folder of `writeAuthority`, for cards of other issuers than the virtual card's own. */
  authority?: string;
  /** Keeps what the middleware received in `dir`, for the next start. */
  keep?: boolean;
  /** Changes to the terminal's configuration. */
  terminal?: Partial<z.input<typeof TerminalConfig>>;
  /** Forms and catalogue that the middleware has for its terminals. */
  bundleFolder?: string;
  slowMs?: number;
  /** The demo's, unless something is measured. */
  backOffices?: Scene;
  /** How long the virtual card takes; as measured when left out. */
  pace?: Pace;
};

const terminalId = 'kiosk-demo';
const terminalName = 'Kiosk 1';

export async function startEdges(options: EdgesOptions): Promise<Edges> {
  const { dir } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const started: { stop(): Promise<void> }[] = [];
  const stop = async () => {
    for (const part of started.reverse().splice(0)) await part.stop();
  };
  try {
    const [keys, card] = await Promise.all([makeDemoKeys(join(dir, 'keys')), readyCard(options)]);
    const authority = card.built === null ? null : await readyAuthority(options.authority ?? card.built);
    if (authority !== null) started.push({ stop: () => authority.close() });
    // The line is there first: its address is what the terminal calls the middleware, and what a card signs for.
    const to = { port: 0 };
    const line = await startLine({ to, ...(options.slowMs === undefined ? {} : { slowMs: options.slowMs }) });
    started.push({ stop: () => line.close() });
    const backOffices = await startBackOfficesProcess(options.backOffices);
    started.push(backOffices);
    const middleware = await startMiddlewareProcess({
      dir,
      keys,
      terminal: { id: terminalId, name: terminalName },
      origin: `https://localhost:${line.port}`,
      testRoots: card.roots,
      sources: backOffices.sources,
      ...(authority === null ? {} : { authority }),
      bundleFolder: options.bundleFolder,
      ...(options.keep === true ? { dataDir: join(dir, 'middleware') } : {}),
    });
    to.port = middleware.port;
    started.push(middleware);
    const setLine = async (next: DemoLine) => {
      await middleware.setFault(next === 'nonsense' ? 'nonsense' : 'none');
      line.setLine(next);
    };
    const control: ControlServer = await startControlServer({
      line: line.state,
      setLine,
      fetchTransactions: middleware.fetchTransactions,
      fetchMessages: middleware.fetchMessages,
    });
    started.push({ stop: () => control.close() });

    const configFile = join(dir, 'terminal.json');
    const config = TerminalConfig.parse({
      ...describeTerminal({ line: line.port, middleware: middleware.origin }, card.module, await middleware.issueCode()),
      printing: { to: 'folder', folder: join(dir, 'paper') },
      ...options.terminal,
    });
    await writeFile(configFile, JSON.stringify(config, null, 2));
    const edgesFile = join(dir, 'edges.json');
    // The control's address is as good as a key to the demo's line.
    await writeFile(edgesFile, JSON.stringify({ cardControl: card.reader, control: control.url }), { mode: 0o600 });
    return {
      dir,
      configFile,
      edgesFile,
      appArgs: card.appArgs,
      env: card.env,
      module: card.module,
      middleware,
      authority,
      backOffices,
      line,
      setLine,
      card: card.hand,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Loaded only when there is a card for it: it brings X.509 along. */
async function readyAuthority(folder: string): Promise<Authority> {
  const { startCardAuthority } = await import('./authority.ts');
  return await startCardAuthority(folder);
}

type Card = {
  module: string;
  reader: string | null;
  /** Folder of the virtual card, with its authority's keys. */
  built: string | null;
  /** PEM files. */
  roots: string[];
  appArgs: string[];
  env: Record<string, string>;
  hand: Edges['card'];
};

async function readyCard({ dir, module, pace, testRoots = [] }: EdgesOptions): Promise<Card> {
  const rootArgs = (roots: readonly string[]) => roots.flatMap((root) => ['--test-root', root]);
  if (module !== undefined) {
    return {
      module,
      reader: null,
      built: null,
      roots: [...testRoots],
      appArgs: ['--pkcs11-module', module, ...rootArgs(testRoots)],
      env: virtualReader(),
      hand: null,
    };
  }
  const built = await buildVirtualCard();
  const reader = join(dir, 'reader');
  makeReader(reader, { cards: built.cards, ...(pace === undefined ? {} : { pace }) });
  const roots = [built.root, ...testRoots];
  return {
    module: built.module,
    reader,
    built: dirname(built.root),
    roots,
    appArgs: rootArgs(roots),
    env: { LOKET_VIRTUAL_CARD: reader },
    hand: {
      insert: (persona) => insertCard(reader, persona),
      remove: () => removeCard(reader),
      plug: (plugged) => plugReader(reader, plugged),
      slow: (microseconds) => {
        const { latency_us = 0, ghost_us = 0 } = readState(reader).keys;
        setState(reader, { latency_us: microseconds, ghost_us: 0 });
        return () => setState(reader, { latency_us, ghost_us });
      },
    },
  };
}

/** The virtual card given as if it were somebody's own module still needs to know where its reader is. */
function virtualReader(): Record<string, string> {
  const { LOKET_VIRTUAL_CARD } = process.env;
  return LOKET_VIRTUAL_CARD === undefined ? {} : { LOKET_VIRTUAL_CARD };
}

/** An invented kiosk of Kortrijk (NIS code 34022). `ports`: the terminal goes through the line, a telephone does not. */
function describeTerminal(
  ports: { line: number; middleware: string },
  module: string,
  enrolmentCode: string,
): z.input<typeof TerminalConfig> {
  return {
    terminal: terminalId,
    name: terminalName,
    municipality: {
      code: '34022',
      name: { nl: 'Kortrijk', fr: 'Courtrai' },
      prefix: 'KTR',
      desk: {
        nl: 'de balie, rechts van de ingang',
        fr: 'le guichet, à droite de l’entrée',
        de: 'der Schalter, rechts vom Eingang',
        en: 'the desk, to the right of the entrance',
      },
      // The example of the standard: an account of nobody.
      payee: { name: 'Stad Kortrijk (demo)', iban: 'BE68539007547034' },
    },
    languages: ['nl', 'fr', 'de', 'en'],
    middleware: {
      url: `https://localhost:${ports.line}`,
      enrolmentCode,
      ticketUrl: `${ports.middleware}/t/`,
    },
    screen: { pxPerMm: 'fit', kiosk: false },
    // Quicker than a town hall needs: in a demo somebody is waiting to see the line come back.
    sync: { retryBaseMs: 500, retryCapMs: 4000, healthMs: 2000 },
    card: { module, pollMs: 100 },
  };
}
