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
import { assembleStatus, type Services } from './assemble-status.ts';
import { type ExportState, runExport, shutPort } from './run-export.ts';
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
  audit: Pick<Audit, 'write'> | null;
  clock: Clock;
  log: Log;
  /** The page over the kiosk's, or null to take it away. */
  publish: (view: OperatorView | null) => void;
  /** The parts that were made with another identity, or without one, have to be made anew. */
  onEnrolled: (identity: TerminalIdentity) => void;
};

type Page = OperatorView['page']['page'];
type Enrolment = Pick<Extract<OperatorView['page'], { page: 'enrol' }>, 'state' | 'problem'>;
type Shown = {
  page: Page;
  /** With a code, since the page was opened. */
  signedIn: boolean;
  wrong: boolean;
  language: Language;
  display: DisplaySettings;
  activeAt: number;
  left: AbortController;
};

const tickMs = 1_000;
const quietMs = 120_000;
/** WCAG 2.2.1: at least 20 s to extend by one simple action. */
const warningMs = 30_000;
/** To read that it worked. */
const readMs = 8_000;
const notAsked: Enrolment = { state: 'asking', problem: null };
const noExport: ExportState = { state: 'idle' };

export function createOperatorDesk(parts: DeskParts): OperatorDesk {
  const { config, registry, clock, log } = parts;
  const signIn = createSignIn({ file: join(parts.folder, 'operator-sign-in.json'), clock });
  const stopping = new AbortController();
  let shown: Shown | null = null;
  let status: { value: OperatorStatus; at: number } | null = null;
  let enrolment = notAsked;
  let exporting = noExport;
  let underWay: Promise<unknown> = shutPort(config.storage, log);
  let revision = 0;
  let published = '';
  let timer: NodeJS.Timeout | undefined;
  /** After an enrolment. */
  let goOn: (() => void) | null = null;
  let restart: NodeJS.Timeout | undefined;

  function open(): void {
    if (shown || stopping.signal.aborted) return;
    const page = registry.current() === null ? 'enrol' : 'sign_in';
    const language = config.languages[0] ?? 'nl';
    const display = { text: 2, theme: 'default' } as const;
    shown = { page, signedIn: false, wrong: false, language, display, activeAt: clock.ticks(), left: new AbortController() };
    timer = setInterval(tick, tickMs);
    log('operator_opened');
    publish();
  }

  function close(): void {
    if (!shown) return;
    clearInterval(timer);
    shown.left.abort();
    shown = null;
    status = null;
    published = '';
    // What ended unseen is shown to whoever signs in next; what was seen is not shown twice.
    if (enrolment.state === 'asking') enrolment = notAsked;
    if (exporting.state !== 'working') exporting = noExport;
    log('operator_closed');
    parts.publish(null);
    endEnrolment();
  }

  function tick(): void {
    // The code of the configuration may have done in the meantime what was asked for here.
    const enrolledElsewhere = shown?.page === 'enrol' && !shown.signedIn && enrolment.state === 'asking' && registry.current() !== null;
    if (shown && clock.ticks() - shown.activeAt >= quietMs) close();
    else if (enrolledElsewhere) go('sign_in');
    else publish();
  }

  function go(page: Page): void {
    if (!shown) return;
    shown = { ...shown, page, wrong: false };
    status = null;
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

  function showPage({ page, signedIn, wrong, language }: Shown): OperatorView['page'] {
    switch (page) {
      case 'sign_in':
        return { page, wrong, waitSeconds: signIn.waitSeconds() };
      case 'enrol':
        return { page, ...enrolment, why: signedIn ? 'anew' : registry.damaged() ? 'damaged' : 'first' };
      case 'status':
        return { page, status: lookAgain(language), export: exporting };
    }
  }

  /** A long queue takes a while to read: the longer it is, the less often. */
  function lookAgain(language: Language): OperatorStatus {
    const waiting = status?.value.queue?.references.length ?? 0;
    if (status && clock.ticks() - status.at < (waiting < 500 ? 2_000 : 15_000)) return status.value;
    const sources = { config, identity: registry.current(), titleOf: (form: string) => parts.titleOf(form, language), now: clock.wall() };
    const services = parts.services();
    const value = assembleStatus({ ...sources, services });
    if (value.queueProblem === 'failed' && status?.value.queueProblem !== 'failed') log('storage_failed', { where: 'operator' });
    status = { value, at: clock.ticks() };
    return value;
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

  async function takeEnrolmentCode(code: string): Promise<void> {
    if (enrolment.state !== 'asking') return;
    enrolment = { state: 'working', problem: null };
    publish();
    const enrolled = await registry.enrol(code);
    log(enrolled.ok ? 'enrolled' : 'enrol_refused', enrolled.ok ? {} : { problem: enrolled.error });
    enrolment = enrolled.ok ? { state: 'done', problem: null } : { state: 'asking', problem: enrolled.error };
    publish();
    if (!enrolled.ok) return;
    signIn.forgive();
    goOn = () => parts.onEnrolled(enrolled.value);
    if (shown) restart = setTimeout(endEnrolment, readMs);
    else endEnrolment();
  }

  /** Not before it was read, or nobody is there to read it. */
  function endEnrolment(): void {
    clearTimeout(restart);
    const now = goOn;
    goOn = null;
    now?.();
  }

  async function takeExport(before: Promise<unknown>): Promise<void> {
    const { outbox, attachments } = parts.services();
    if (exporting.state === 'working' || !outbox || !shown) return;
    exporting = { state: 'working' };
    publish();
    const { chooseFolder } = parts;
    const { left } = shown;
    // Not before the port was shut at the start: that would shut it under this one.
    await before;
    const exported = await runExport({
      config,
      outbox,
      attachments,
      chooseFolder,
      left: left.signal,
      stopping: stopping.signal,
      clock,
      log,
    });
    exporting = exported;
    if (exported.state === 'done') record({ event: 'queue_exported', records: exported.records, bytes: exported.bytes });
    publish();
  }

  function decide(reference: string, decision: 'again' | 'aside'): void {
    try {
      parts.services().outbox?.decide(reference, decision);
      record({ event: 'operator_decided', reference, decision });
    } catch {
      log('storage_failed', { where: 'decide' });
    }
    if (decision === 'again') parts.services().sync?.hurry();
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
        status = null;
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
    'operator.enrol': { on: 'enrol', do: ({ code }) => void takeEnrolmentCode(code) },
    'operator.back': { on: 'enrol', do: () => shown?.signedIn && enrolment.state === 'asking' && go('status') },
    'operator.enrol_anew': { on: 'status', do: () => go('enrol') },
    'operator.sync': { on: 'status', do: () => parts.services().sync?.hurry() },
    'operator.export': {
      on: 'status',
      do: () => {
        // All of them: one that is pressed twice ends at once, and the first goes on.
        underWay = Promise.allSettled([underWay, takeExport(underWay)]);
      },
    },
    'operator.decide': { on: 'status', do: ({ reference, decision }) => decide(reference, decision) },
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
      stopping.abort();
      // The app ends: it is there at the next start, and nothing is started for it now.
      goOn = null;
      close();
      await underWay;
    },
  };
}

const withoutCard: ReadonlySet<string> = new Set(['empty', 'no_reader', 'restarting', 'needs_attention', 'left_in']);
