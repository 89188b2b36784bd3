import type { OperatorStatus } from '../../contract/operator.ts';
import type { TerminalConfig } from '../../contract/terminal-config.ts';
import type { Attachments } from '../outbox/attachments/attachments.ts';
import { nameProblem, type PatientOutbox } from '../outbox/open-when-possible.ts';
import type { Outbox, QueueStatus } from '../outbox/outbox.ts';
import type { Uploads } from '../sync/attachments.ts';
import type { Bundles } from '../sync/bundles/bundles.ts';
import type { KeySets } from '../sync/keys/key-set.ts';
import type { Sync } from '../sync/sync.ts';
import type { TerminalIdentity } from '../terminal/identity/identity.ts';

/** What the operator's page looks at. Null: not there, because this terminal is not enrolled or its disk takes nothing. */
export type Services = {
  outbox:
    | (Pick<Outbox, 'status' | 'probe' | 'decide' | 'waitingDeliveries' | 'losses' | 'markLossesRead' | 'isSalvaging'> &
        Pick<PatientOutbox, 'problem'>)
    | null;
  attachments: Pick<Attachments, 'list' | 'countDamaged' | 'read'> | null;
  sync: Pick<Sync, 'status' | 'hurry'> | null;
  uploads: Pick<Uploads, 'countWaiting'> | null;
  keySets: Pick<KeySets, 'status'> | null;
  bundles: Pick<Bundles, 'status'> | null;
};

export type StatusSources = {
  config: Pick<TerminalConfig, 'terminal' | 'name'>;
  identity: TerminalIdentity | null;
  services: Services;
  camera: OperatorStatus['camera'];
  audit: OperatorStatus['audit'];
  /** In the operator's language; null where no bundle knows the form any more. */
  titleOf: (form: string) => string | null;
  now: Date;
};

const mostShown = 500;

/** Puts together what waits and what is wrong, by form and reference. Decides nothing. */
export function assembleStatus({ config, identity, services, camera, audit, titleOf, now }: StatusSources): OperatorStatus {
  const { sync, keySets, bundles } = services;
  const line = sync?.status() ?? null;
  const bundle = bundles?.status() ?? null;
  return {
    at: now.toISOString(),
    terminal: {
      id: config.terminal,
      name: config.name,
      // Until the middleware has said otherwise, an enrolled terminal is taken for one.
      standing: identity === null ? 'not_enrolled' : (line?.standing ?? 'active'),
      certificateUntil: identity?.certificateUntil.toISOString() ?? null,
      keyStore: identity?.keyStore ?? null,
      root: identity && inGroups(identity.rootSha256),
    },
    line: {
      state: line?.state ?? 'unknown',
      problem: line?.problem ?? null,
      lastContact: line?.lastContact ?? null,
      clockOffset: line?.clockOffset ?? null,
      keySet: keySets?.status() ?? null,
      bundle: bundle?.current ?? null,
      bundleProblem: bundle?.problem ?? null,
    },
    audit,
    camera,
    ...assembleQueue(services, titleOf),
  };
}

type Assembled = Pick<OperatorStatus, 'queue' | 'queueProblem'>;

/** One that cannot be read is none: the rest of the page still says what it says. */
function assembleQueue({ outbox, uploads }: Services, titleOf: StatusSources['titleOf']): Assembled {
  const queueProblem = outbox?.problem() ?? null;
  if (outbox === null || queueProblem !== null) return { queue: null, queueProblem };
  try {
    return { queue: { ...describeQueue(outbox, titleOf), photos: uploads?.countWaiting() ?? 0 }, queueProblem: null };
  } catch (error) {
    return { queue: null, queueProblem: nameProblem(error) };
  }
}

function describeQueue(
  outbox: NonNullable<Services['outbox']>,
  titleOf: StatusSources['titleOf'],
): Omit<NonNullable<OperatorStatus['queue']>, 'photos'> {
  const { generation, waiting, needsPerson, received, lost, freeMebibytes } = outbox.status();
  const tried = outbox.probe();
  const title = (form: string) => titleOf(form) ?? form;
  return {
    generation,
    waiting: countByForm(waiting).map(({ form, ...rest }) => ({ title: title(form), ...rest })),
    references: waiting.slice(0, mostShown).map(({ form, reference, keptAt }) => ({ reference, title: title(form), keptAt })),
    needsPerson: needsPerson.slice(0, mostShown).map(({ form, ...rest }) => ({ ...rest, title: title(form) })),
    salvaging: outbox.isSalvaging(),
    received,
    lost,
    freeMebibytes,
    accepts: tried.ok ? 'ok' : tried.error,
  };
}

function countByForm(waiting: QueueStatus['waiting']): { form: string; count: number; oldest: string }[] {
  const counted = new Map<string, { form: string; count: number; oldest: string }>();
  for (const { form, keptAt } of waiting) {
    const before = counted.get(form);
    const oldest = before && before.oldest < keptAt ? before.oldest : keptAt;
    counted.set(form, { form, count: (before?.count ?? 0) + 1, oldest });
  }
  return [...counted.values()];
}

const inGroups = (hex: string): string => hex.toUpperCase().match(/.{4}/g)?.join(' ') ?? hex;
