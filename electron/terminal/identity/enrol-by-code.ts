import type { Log } from '../../log.ts';
import type { IdentityRegistry } from './registry.ts';

/**
 * Enrols with the code that the configuration brings, where there is no identity yet. Settles after the first try. Without
 * a line it is tried again, and `onLate` is called when that came through; a code that is refused is not tried again.
 */
export async function enrolByCode(
  registry: IdentityRegistry,
  code: string,
  { log, retryMs, onLate }: { log: Log; retryMs: number; onLate: () => void },
): Promise<void> {
  if (registry.current()) return;
  const outcome = await registry.enrol(code);
  log(outcome.ok ? 'enrolled' : 'enrol_refused', outcome.ok ? {} : { why: outcome.error });
  if (outcome.ok || (outcome.error !== 'no_connection' && outcome.error !== 'storage_failed')) return;
  setTimeout(() => {
    enrolByCode(registry, code, { log, retryMs, onLate }).then(() => registry.current() && onLate());
  }, retryMs).unref();
}
