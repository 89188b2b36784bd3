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

/** The status, put together anew now and then: a long queue takes a while to read, and the longer it is, the less often. */
export function createStatusLook({ config, clock, log, ...parts }: LookParts): StatusLook {
  let status: { value: OperatorStatus; at: number } | null = null;
  return {
    look(language) {
      const waiting = status?.value.queue?.references.length ?? 0;
      if (status && clock.ticks() - status.at < (waiting < 500 ? 2_000 : 15_000)) return status.value;
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
      status = { value, at: clock.ticks() };
      return value;
    },
    forget() {
      status = null;
    },
  };
}
