import type { Log } from '../../log.ts';
import type { IdentityRegistry } from './registry.ts';

/** Says nothing against the code. */
const passing: ReadonlySet<string> = new Set(['no_connection', 'busy', 'storage_failed']);

/**
 * Enrols with the code that the configuration brings, where there is no identity yet. Settles after the first try. Where
 * nobody could say it is tried again, and `onLate` is called when that came through; a code that is refused is not tried again.
 */
export async function enrolByCode(
  registry: IdentityRegistry,
  code: string,
  { log, retryMs, onLate }: { log: Log; retryMs: number; onLate: () => void },
): Promise<void> {
  if (registry.current()) return;
  const outcome = await registry.enrol(code);
  log(outcome.ok ? 'enrolled' : 'enrol_refused', outcome.ok ? {} : { why: outcome.error });
  if (outcome.ok || !passing.has(outcome.error)) return;
  setTimeout(() => {
    enrolByCode(registry, code, { log, retryMs, onLate }).then(() => registry.current() && onLate());
  }, retryMs).unref();
}
