import type { LiveKeys } from './live-keys.ts';

/** Far within the day that a new key is known before it is used. */
const everyMs = 60_000;
/** Whoever names keys that nobody has makes nobody read a file all day. */
const atMostEachMs = 10_000;

/**
 * Each instance looks for itself whether the file of keys changed, so that a rotation needs no restart and no word from one
 * to another. `look`: now, because somebody names a key that is not known here.
 */
export function watchKeys(
  keys: Pick<LiveKeys, 'refresh'>,
  parts: { log: { warn(fields: object, event: string): void }; uptime: () => number },
): { look(): Promise<void>; stop(): void } {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let wasRefused = false;

  async function refresh(): Promise<void> {
    const found = await keys.refresh();
    if (found === 'refused' && !wasRefused) parts.log.warn({}, 'keys_not_taken');
    wasRefused = found === 'refused';
  }

  const timer = setInterval(refresh, everyMs);
  timer.unref();
  return {
    async look() {
      if (parts.uptime() - lookedAt < atMostEachMs) return;
      lookedAt = parts.uptime();
      await refresh();
    },
    stop: () => clearInterval(timer),
  };
}
