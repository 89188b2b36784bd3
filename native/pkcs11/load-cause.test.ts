import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadLibrary } from './library.ts';
import { findLoadCause } from './load-cause.ts';

test.each([
  ['/usr/lib/x.so: wrong ELF class: ELFCLASS32', 'wrong_architecture'],
  ["dlopen(/x.dylib, 0x0001): tried: '/x.dylib' (mach-o file, but is an incompatible architecture)", 'wrong_architecture'],
  ['Win32 error 193', 'wrong_architecture'],
  ['libpcsclite.so.1: cannot open shared object file: No such file or directory', 'missing_dependency'],
  ['dlopen(/x.dylib, 0x0001): Library not loaded: @rpath/libpcsc.dylib', 'missing_dependency'],
  ['Win32 error 126', 'missing_dependency'],
  ['/usr/lib/x.so: undefined symbol: SCardStatus', 'missing_symbol'],
  ['/usr/lib/x.so: undefined symbol: C_GetFunctionList', 'not_pkcs11'],
  ['Win32 error 127', 'not_pkcs11'],
  ['/opt/cards/x.so: file too short', 'not_a_library'],
  ['Win32 error 5', 'does_not_load'],
  ['', 'does_not_load'],
])('%j is told as %s', (words, cause) => {
  expect(findLoadCause(new Error(words))).toBe(cause);
});

test.skipIf(process.platform !== 'linux')('the real loader is understood', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loket-load-'));
  try {
    const text = join(folder, 'text.so');
    writeFileSync(text, 'no library');
    expect(loadLibrary(text)).toEqual({ ok: false, error: { fault: 'other', name: 'not_a_library' } });
    const other = ['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/libm.so.6', '/lib/aarch64-linux-gnu/libm.so.6'].find((path) =>
      existsSync(path),
    );
    if (other !== undefined) expect(loadLibrary(other)).toEqual({ ok: false, error: { fault: 'other', name: 'not_pkcs11' } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
