import type { FetchBounded } from './fetch-bounded.ts';
import type { Target } from './find-target.ts';
import type { Finding } from './known-answers.ts';
import { type KnownList, type KnownLists, listKey, wantedOf } from './known-lists.ts';
import { readList } from './read-list.ts';
import { type Hosts, locate } from './sources.ts';

export type AskingLog = { warn(fields: { host: string; reason: string }, event: string): void };

export type AskingParts = { hosts: Hosts; timeoutMs: number; fetch: FetchBounded; now: () => Date; log: AskingLog };

/** The largest list of Belgium's is a few megabytes. */
const mostBytes = 20 * 1024 * 1024;
/** A list this old is fetched anew when it is needed; when that fails, the old one counts until its own `nextUpdate`. */
const fetchAgainMs = 60 * 60_000;
const mostPlaces = 3;

/** Looks the certificate up in a list of its issuer's; null when there is none to be had. */
export function createAskLists(parts: AskingParts & { lists: KnownLists }): (target: Target) => Promise<Finding | null> {
  const { hosts, timeoutMs, fetch, now, log, lists } = parts;

  const underWay = new Map<string, Promise<KnownList | null>>();

  /** Megabytes, which many may want at the same moment: fetched once. */
  function obtainOnce(target: Target, url: string): Promise<KnownList | null> {
    const key = listKey(target, url);
    const obtained = underWay.get(key) ?? obtain(target, url).finally(() => underWay.delete(key));
    underWay.set(key, obtained);
    return obtained;
  }

  async function obtain(target: Target, url: string): Promise<KnownList | null> {
    const known = await lists.find(target, url);
    if (known !== null && known.fetchedAt + fetchAgainMs > now().getTime()) return known;
    const place = locate(url, hosts);
    if (place === null) return known;
    // Megabytes where an answer is a few kilobytes: it may take longer.
    const fetched = await fetch(place, { limit: mostBytes, timeoutMs: 3 * timeoutMs });
    const list = fetched.ok ? readList(fetched.value, wantedOf(target, url), now()) : fetched;
    if (!list.ok) {
      log.warn({ host: new URL(url).hostname, reason: list.error }, 'revocation_list_not_had');
      return known;
    }
    // Somebody on the way may hand out last week's list, from before the revocation.
    if (known !== null && known.list.thisUpdate > list.value.thisUpdate) return known;
    await lists.keep(target, url, list.value);
    return { list: list.value, fetchedAt: now().getTime() };
  }

  return async (target) => {
    for (const url of target.listUrls.slice(0, mostPlaces)) {
      const known = await obtainOnce(target, url);
      if (known === null) continue;
      const { list } = known;
      const status = list.isRevoked(target.serial) ? 'revoked' : 'good';
      return { status, source: 'crl', asOf: list.thisUpdate, usableUntil: list.usableUntil };
    }
    return null;
  };
}
