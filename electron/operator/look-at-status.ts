import type { Language } from '../../contract/language.ts';
import type { OperatorStatus } from '../../contract/operator.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { assembleStatus, type StatusSources } from './assemble-status.ts';

export type StatusLook = { look(language: Language): OperatorStatus; forget(): void };

export type LookParts = Omit<StatusSources, 'titleOf' | 'now' | 'identity' | 'services' | 'camera' | 'audit'> & {
  identity: () => StatusSources['identity'];
  services: () => StatusSources['services'];
  camera: () => StatusSources['camera'];
  audit: () => StatusSources['audit'];
  titleOf: (form: string, language: Language) => string | null;
  clock: Clock;
  log: Log;
};

const shortestMs = 2_000;
/** Of main's time: a million that wait again after a restore take six seconds to read, and meanwhile nobody else is served. */
const share = 0.02;

/** The status, put together anew now and then: the longer that takes, the less often. */
export function createStatusLook({ config, clock, log, ...parts }: LookParts): StatusLook {
  let status: { value: OperatorStatus; until: number } | null = null;
  return {
    look(language) {
      const begun = clock.ticks();
      if (status && begun < status.until) return status.value;
      const value = assembleStatus({
        config,
        identity: parts.identity(),
        services: parts.services(),
        camera: parts.camera(),
        audit: parts.audit(),
        titleOf: (form) => parts.titleOf(form, language),
        now: clock.wall(),
      });
      if (value.queueProblem === 'failed' && status?.value.queueProblem !== 'failed') log('storage_failed', { where: 'operator' });
      const ended = clock.ticks();
      status = { value, until: ended + Math.max(shortestMs, (ended - begun) / share) };
      return value;
    },
    forget() {
      status = null;
    },
  };
}
