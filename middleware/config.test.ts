import { expect, test } from 'vitest';
import { MiddlewareConfig } from './config.ts';
import { makeKeysFile } from './keys/make-keys.ts';
import { longestSearchMs } from './revocation/revocations.ts';

const least = {
  port: 0,
  tls: { key: 'k', cert: 'c', root: 'r' },
  terminalCa: { key: 'k', cert: 'c' },
  keys: 'keys.json',
};
const isTaken = (changes: object) => MiddlewareConfig.safeParse({ ...least, ...changes }).success;

test('an origin is https, a name and perhaps a port, as browsers and Web eID write it', () => {
  for (const origin of ['https://loket.example', 'https://loket.example:8443', 'https://[2001:db8::1]:8443'])
    expect(isTaken({ origin })).toBe(true);
  for (const origin of [
    'http://loket.example',
    'https://loket.example/',
    'https://loket.example/x',
    'https://loket.example:443',
    'https://Loket.example',
    'https://user@loket.example',
    'https://loket.example?x',
    'loket.example',
    '',
  ])
    expect([origin, isTaken({ origin })]).toEqual([origin, false]);
});

test('Belgium’s own authorities are asked unless others are named', () => {
  expect(MiddlewareConfig.parse(least).revocation).toEqual({
    hosts: ['ocsp.eid.belgium.be', 'crl.eid.belgium.be'],
    instead: {},
    timeoutMs: 4000,
  });
});

test('one silent responder leaves time for a list', () => {
  expect(isTaken({ revocation: { timeoutMs: longestSearchMs / 2 } })).toBe(true);
  expect(isTaken({ revocation: { timeoutMs: longestSearchMs / 2 + 1 } })).toBe(false);
});

test('hosts are names, and what stands in for one is an http address', () => {
  expect(isTaken({ revocation: { hosts: ['ocsp.example'], instead: { 'ocsp.example': 'http://10.0.0.5:8080/ocsp' } } })).toBe(true);
  for (const hosts of [['http://ocsp.example'], ['OCSP.example'], ['ocsp.example/x'], ['']])
    expect(isTaken({ revocation: { hosts } })).toBe(false);
  for (const instead of [{ 'ocsp.example': 'https://x.example' }, { 'ocsp.example': 'file:///etc/passwd' }, { 'a b': 'http://x.example' }])
    expect(isTaken({ revocation: { instead } })).toBe(false);
});

test('the keys are a file, or what stands in one; anything less is no configuration', () => {
  expect(isTaken({ keys: makeKeysFile(new Date()) })).toBe(true);
  for (const keys of ['', {}, { ...makeKeysFile(new Date()), seal: [] }, undefined]) expect(isTaken({ keys })).toBe(false);
  for (const absent of ['tls', 'terminalCa', 'keys']) expect(isTaken({ [absent]: undefined })).toBe(false);
});
