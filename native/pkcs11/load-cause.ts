/** Why a file that is there does not load as a PKCS#11 module. `does_not_load`: for another reason than these. */
export type LoadCause =
  | 'not_a_library'
  | 'not_pkcs11'
  | 'wrong_architecture'
  /** A library that it needs is not there; glibc says the same of a file for another processor. */
  | 'missing_dependency'
  /** A library that it needs is another version. */
  | 'missing_symbol'
  | 'does_not_load';

/** In the words of glibc's loader and of Apple's, and by the error code that pkcs11js gives on Windows (src/dl.cpp). */
const causes: readonly (readonly [RegExp, LoadCause])[] = [
  [/C_GetFunctionList|error 127\b/, 'not_pkcs11'],
  [/wrong ELF class|incompatible architecture|wrong architecture|error 193\b/, 'wrong_architecture'],
  [/cannot open shared object file|Library not loaded|error 126\b/, 'missing_dependency'],
  [/undefined symbol|[Ss]ymbol not found/, 'missing_symbol'],
  [/file too short|invalid ELF header|not a mach-o file|cannot read file data/, 'not_a_library'],
];

/** The loader's words hold paths, so a literal is all that goes on to a log. */
export function findLoadCause(error: unknown): LoadCause {
  const words = error instanceof Error ? error.message : '';
  return causes.find(([pattern]) => pattern.test(words))?.[1] ?? 'does_not_load';
}
