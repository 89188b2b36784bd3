import { expect, test } from 'vitest';
import { locate } from './sources.ts';

const hosts = {
  hosts: new Set(['ocsp.loket.invalid', 'crl.loket.invalid']),
  instead: new Map([['crl.loket.invalid', 'http://127.0.0.1:8099/x/']]),
};

test('a configured host is asked at the address of the certificate, or elsewhere when that is configured', () => {
  expect(locate('http://ocsp.loket.invalid/eid?a=1', hosts)?.href).toBe('http://ocsp.loket.invalid/eid?a=1');
  expect(locate('http://OCSP.loket.INVALID:80/', hosts)?.href).toBe('http://ocsp.loket.invalid/');
  expect(locate('http://crl.loket.invalid/ca.crl', hosts)?.href).toBe('http://127.0.0.1:8099/x/ca.crl');
});

test.each([
  ['another host', 'http://169.254.169.254/latest/meta-data'],
  ['a longer name', 'http://ocsp.loket.invalid.example/'],
  ['a name inside another', 'http://evil.ocsp.loket.invalid/'],
  ['another port', 'http://ocsp.loket.invalid:5432/'],
  ['credentials that look like a host', 'http://ocsp.loket.invalid@127.0.0.1/'],
  ['credentials', 'http://a:b@ocsp.loket.invalid/'],
  ['https, which would need a second chain', 'https://ocsp.loket.invalid/'],
  ['a file', 'file:///etc/passwd'],
  ['ldap', 'ldap://ocsp.loket.invalid/cn=x'],
  ['no address', 'ocsp.loket.invalid'],
  ['nothing', ''],
  ['a very long one', `http://ocsp.loket.invalid/${'a'.repeat(500)}`],
])('not asked: %s', (_what, address) => {
  expect(locate(address, hosts)).toBeNull();
});
