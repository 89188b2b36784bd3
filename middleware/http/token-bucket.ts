export type TokenBucket = {
  /**
   * @param asker a network (`networkOf`), or a terminal and its network
   * @returns 0 when the question may be asked now, else the whole seconds after which it may
   */
  take(asker: string): number;
};

/**
 * So many questions at once per asker, then one each `refillMs`. In memory: each instance counts for itself.
 * At most `askers` are remembered; a stranger above that pushes out whoever asked longest ago.
 */
export function createTokenBucket(options: { burst: number; refillMs: number; askers: number; now: () => number }): TokenBucket {
  const { burst, refillMs, askers, now } = options;
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(asker) {
      const at = now();
      const before = buckets.get(asker) ?? { tokens: burst, at };
      const tokens = Math.min(burst, before.tokens + Math.max(0, at - before.at) / refillMs);
      // Deleted first, so that the map's order is the order of last use.
      buckets.delete(asker);
      const oldest = buckets.size >= askers ? buckets.keys().next().value : undefined;
      if (oldest !== undefined) buckets.delete(oldest);
      const granted = tokens >= 1;
      buckets.set(asker, { tokens: granted ? tokens - 1 : tokens, at });
      return granted ? 0 : Math.max(1, Math.ceil(((1 - tokens) * refillMs) / 1000));
    },
  };
}

/** One household has one IPv4 address or one IPv6 /64 (RFC 6177), so that is what counts as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const whole = address.includes('::')
    ? [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
    : front;
  return `${whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
