import { join } from 'node:path';
import type { CardState } from '../../contract/card.ts';
import type { Language } from '../../contract/language.ts';
import type { OperatorCommand, OperatorInput, OperatorStatus, OperatorView } from '../../contract/operator.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import type { DisplaySettings } from '../../contract/view.ts';
import type { Audit, AuditEvent } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { TerminalIdentity } from '../terminal/identity/identity.ts';
import type { IdentityRegistry } from '../terminal/identity/registry.ts';
import type { Services } from './assemble-status.ts';
import { createEnrolling } from './enrolling.ts';
import { createExporting } from './exporting.ts';
import { createStatusLook } from './look-at-status.ts';
import { createSignIn } from './sign-in.ts';

/** The operator's page: who may see it, what it shows, and handing on what an operator asks. It decides nothing about the queue. */
export type OperatorDesk = {
  /** Only called while no visit is open. */
  open(): void;
  take<C extends OperatorCommand>(command: C, input: OperatorInput<C>): void;
  /** A card that comes in ends it: somebody wants to begin. */
  cardChanged(state: CardState): void;
  /** The page broke, or the kiosk needs the glass. */
  close(): void;
  /** The middleware was heard: a code that is typed later counts by its clock too. */
  noteContact(): void;
  /** Settles when an export under way has shut the port again. */
  stop(): Promise<void>;
};

export type DeskParts = {
  config: Pick<TerminalConfig, 'terminal' | 'name' | 'languages' | 'screen' | 'storage'>;
  /** Where this terminal keeps what it remembers of wrong codes. */
  folder: string;
  registry: Pick<IdentityRegistry, 'current' | 'damaged' | 'enrol'>;
  services: () => Services;
  titleOf: (form: string, language: Language) => string | null;
  /** Null where a dialog with folders would lie before citizens. */
  chooseFolder: (() => Promise<string | null>) | null;
  audit: Pick<Audit, 'write' | 'brokenAt'> | null;
  /** Why the last photo of a paper could not be taken. */
  camera: () => OperatorStatus['camera'];
  clock: Clock;
  log: Log;
  /** The page over the kiosk's, or null to take it away. */
  publish: (view: OperatorView | null) => void;
  /** The parts that were made with another identity, or without one, have to be made anew. */
  onEnrolled: (identity: TerminalIdentity) => void;
};

type Page = OperatorView['page']['page'];
type Problem = Extract<OperatorView['page'], { page: 'status' }>['problem'];
type Shown = {
  page: Page;
  /** With a code, since the page was opened. */
  signedIn: boolean;
  wrong: boolean;
  problem: Problem;
  language: Language;
  display: DisplaySettings;
  activeAt: number;
  left: AbortController;
};

const tickMs = 1_000;
const quietMs = 120_000;
/** WCAG 2.2.1: at least 20 s to extend by one simple action. */
const warningMs = 30_000;

export function createOperatorDesk(parts: DeskParts): OperatorDesk {
  const { config, registry, clock, log } = parts;
  const signIn = createSignIn({ file: join(parts.folder, 'operator-sign-in.json'), clock });
  const status = createStatusLook({ ...parts, identity: registry.current, audit: auditState });
  const enrolling = createEnrolling({ ...parts, isShown: () => shown !== null, publish, onAccepted: signIn.forgive });
  const exporting = createExporting({
    ...parts,
    publish,
    onDone: ({ records, bytes }) => record({ event: 'queue_exported', records, bytes }),
  });
  let stopped = false;
  let shown: Shown | null = null;
  let revision = 0;
  let published = '';
  let timer: NodeJS.Timeout | undefined;

  function open(): void {
    if (shown || stopped) return;
    const page = registry.current() === null ? 'enrol' : 'sign_in';
    const language = config.languages[0] ?? 'nl';
    const display = { text: 2, theme: 'default' } as const;
    const left = new AbortController();
    shown = { page, signedIn: false, wrong: false, problem: null, language, display, activeAt: clock.ticks(), left };
    timer = setInterval(tick, tickMs);
    log('operator_opened');
    publish();
  }

  function close(): void {
    if (!shown) return;
    clearInterval(timer);
    shown.left.abort();
    shown = null;
    status.forget();
    published = '';
    exporting.leave();
    log('operator_closed');
    parts.publish(null);
    enrolling.leave();
  }

  function tick(): void {
    // The code of the configuration may have done in the meantime what was asked for here.
    const enrolledElsewhere =
      shown?.page === 'enrol' && !shown.signedIn && enrolling.state().state === 'asking' && registry.current() !== null;
    if (shown && clock.ticks() - shown.activeAt >= quietMs) close();
    else if (enrolledElsewhere) go('sign_in');
    else publish();
  }

  function go(page: Page, problem: Problem = null): void {
    if (!shown) return;
    shown = { ...shown, page, wrong: false, problem };
    status.forget();
    publish();
  }

  function publish(): void {
    if (!shown) return;
    const { language, display } = shown;
    const quietFor = clock.ticks() - shown.activeAt;
    const view: Omit<OperatorView, 'revision'> = {
      language,
      languages: config.languages,
      display,
      pxPerMm: config.screen.pxPerMm,
      kiosk: config.name,
      closesInSeconds: quietFor > quietMs - warningMs ? Math.max(0, Math.ceil((quietMs - quietFor) / 1000)) : null,
      page: showPage(shown),
    };
    const text = JSON.stringify(view);
    if (text === published) return;
    published = text;
    revision += 1;
    parts.publish({ revision, ...view });
  }

  function showPage({ page, signedIn, wrong, problem, language }: Shown): OperatorView['page'] {
    switch (page) {
      case 'sign_in':
        return { page, wrong, waitSeconds: signIn.waitSeconds() };
      case 'enrol':
        return { page, ...enrolling.state(), why: signedIn ? 'anew' : registry.damaged() ? 'damaged' : 'first' };
      case 'status':
        return { page, status: status.look(language), problem, export: exporting.state() };
    }
  }

  function auditState(): OperatorStatus['audit'] {
    if (parts.audit === null) return 'not_written';
    return parts.audit.brokenAt() === null ? 'ok' : 'broken';
  }

  function record(event: AuditEvent): void {
    try {
      parts.audit?.write(null, event);
    } catch {
      log('audit_failed');
    }
  }

  function takeCode(code: string): void {
    const secret = registry.current()?.operatorSecret;
    if (!shown || secret === undefined) return;
    const came = signIn.attempt(code, secret);
    if (came !== 'waiting') {
      const event = came === 'right' ? 'operator_signed_in' : 'operator_refused';
      log(event);
      record({ event });
    }
    shown = { ...shown, signedIn: came === 'right', wrong: shown.wrong || came === 'wrong' };
    if (came === 'right') go('status');
    else publish();
  }

  function decide(reference: string, decision: 'again' | 'aside'): void {
    const { outbox, sync } = parts.services();
    let problem: Problem = null;
    try {
      if ((outbox?.decide(reference, decision) ?? 0) === 0) problem = 'nothing_decided';
      else record({ event: 'operator_decided', reference, decision });
    } catch {
      log('storage_failed', { where: 'decide' });
      problem = 'not_decided';
    }
    // Also what was laid aside: its place is stated to the middleware.
    if (problem === null) sync?.hurry();
    go('status', problem);
  }

  /** Where it became more meanwhile, the page says the new number first. */
  function readLosses(lost: number): void {
    const { outbox } = parts.services();
    try {
      if (outbox?.status().lost === lost) {
        outbox.markLossesRead();
        record({ event: 'operator_read_losses', records: lost });
      }
    } catch {
      log('storage_failed', { where: 'losses' });
    }
    go('status');
  }

  const commands: { [C in OperatorCommand]: { on: Page | 'any'; do: (input: OperatorInput<C>) => void } } = {
    'operator.ready': {
      on: 'any',
      do: () => {
        published = '';
        publish();
      },
    },
    'operator.active': { on: 'any', do: () => publish() },
    'operator.language': {
      on: 'any',
      do: ({ language }) => {
        if (!shown || !config.languages.some((offered) => offered === language)) return;
        shown = { ...shown, language };
        status.forget();
        publish();
      },
    },
    'operator.display': {
      on: 'any',
      do: ({ display }) => {
        if (shown) shown = { ...shown, display };
        publish();
      },
    },
    'operator.leave': { on: 'any', do: () => close() },
    'operator.sign_in': { on: 'sign_in', do: ({ code }) => takeCode(code) },
    'operator.enrol': { on: 'enrol', do: ({ code }) => void enrolling.take(code) },
    'operator.back': { on: 'enrol', do: () => shown?.signedIn && enrolling.state().state === 'asking' && go('status') },
    'operator.enrol_anew': { on: 'status', do: () => go('enrol') },
    'operator.sync': { on: 'status', do: () => parts.services().sync?.hurry() },
    'operator.export': { on: 'status', do: () => shown && exporting.start(shown.left.signal) },
    'operator.decide': { on: 'status', do: ({ reference, decision }) => decide(reference, decision) },
    'operator.losses_read': { on: 'status', do: ({ lost }) => readLosses(lost) },
  };

  return {
    open,
    take(command, input) {
      const { on, do: carryOut } = commands[command];
      // What a page asks that is not shown any more crossed the view on the way.
      if (!shown || (on !== 'any' && on !== shown.page)) return;
      shown = { ...shown, activeAt: clock.ticks() };
      carryOut(input);
    },
    cardChanged({ state }) {
      if (!withoutCard.has(state)) close();
    },
    close,
    noteContact: () => signIn.noteOffset(parts.services().sync?.status().clockOffset ?? null),
    async stop() {
      stopped = true;
      enrolling.stop();
      close();
      await exporting.stop();
    },
  };
}

const withoutCard: ReadonlySet<string> = new Set(['empty', 'no_reader', 'restarting', 'needs_attention', 'left_in']);
