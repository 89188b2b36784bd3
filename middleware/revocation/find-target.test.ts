import { beforeAll, expect, test } from 'vitest';
import { testRoot } from '../../native/eid/roots.ts';
import { type Holder, issue } from '../testing/pki.ts';
import { findTarget } from './find-target.ts';

const day = 24 * 60 * 60 * 1000;
const now = new Date();
const inDays = (count: number) => new Date(now.getTime() + count * day);

let register: Holder;
let root: Holder;

beforeAll(async () => {
  root = await issue({ name: 'Loket proof root', usage: 'ca', from: inDays(-30), until: inDays(30) });
  // A root should not sign for longer than it lives itself; one that did must not be believed longer for that.
  register = await issue({ name: 'Loket proof Register', usage: 'register', issuer: root, from: inDays(-60), until: inDays(60) });
});

const at = (moment: Date) => findTarget({ certificate: register.certificate, issuer: null }, [testRoot(root.pem)], moment);

test('what a pinned root issued is asked about while the root is within its dates', () => {
  expect(at(now)).toMatchObject({ ok: true, value: { isPersonal: false } });
});

test.each([
  ['over', inDays(31)],
  ['not yet begun', inDays(-31)],
])('nothing is asked when the root is %s, though the certificate is within its own dates', (_what, moment) => {
  expect(at(moment)).toEqual({ ok: false, error: 'no_pinned_root' });
});

test('another root of the same name that is within its dates did not issue it', async () => {
  const other = await issue({ name: 'Loket proof root', usage: 'ca' });
  const found = findTarget({ certificate: register.certificate, issuer: null }, [testRoot(other.pem)], now);
  expect(found).toEqual({ ok: false, error: 'no_pinned_root' });
});
