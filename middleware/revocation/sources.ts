export type Hosts = {
  /** Host names that may be asked, in small letters. */
  hosts: ReadonlySet<string>;
  /** Another base address (http) in place of a host of that list. */
  instead: ReadonlyMap<string, string>;
};

/**
 * Where to ask, or null. The addresses come out of a certificate that a stranger may have sent, so nothing is asked but
 * plain http on port 80 of a host that the configuration names: what is answered is signed, so http does (RFC 5280, 8).
 */
export function locate(address: string, { hosts, instead }: Hosts): URL | null {
  if (address.length > 500 || !URL.canParse(address)) return null;
  const url = new URL(address);
  const plain = url.protocol === 'http:' && url.port === '' && url.username === '' && url.password === '';
  if (!plain || !hosts.has(url.hostname)) return null;
  const base = instead.get(url.hostname);
  return base === undefined ? url : new URL(`${base.replace(/\/+$/, '')}${url.pathname}${url.search}`);
}
