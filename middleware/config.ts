import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ContactChannel } from '../contract/profile.ts';
import { ok, type Result, refuse } from '../contract/result.ts';
import { KeysFile } from './keys/keys-file.ts';
import { SourceList } from './sources/source-list.ts';

const HostName = z.string().regex(/^[a-z0-9.-]{1,253}$/);

/** The file given by --config. It holds private keys: readable by the service's user alone. */
export const MiddlewareConfig = z.object({
  host: z.string().min(1).default('localhost'),
  /** 0 takes any free port; the one taken is printed. */
  port: z.int().min(0).max(65535),
  /** Paths of PEM files, or the PEM text itself. `root`: what terminals pin; it stands behind `cert`. */
  tls: z.object({ key: z.string().min(1), cert: z.string().min(1), root: z.string().min(1) }),
  /** Issues terminals' certificates (P-256), and stands behind them. Paths of PEM files, or the text. */
  terminalCa: z.object({ key: z.string().min(1), cert: z.string().min(1) }),
  /** Folder of the embedded database; absent: in memory, gone at the end. The environment's DATABASE_URL wins over it. */
  dataDir: z.string().min(1).optional(),
  /** Path of the file of keys (`keys/keys-file.ts`), or what stands in it. */
  keys: z.union([z.string().min(1), KeysFile]),
  /** Forms, catalogue and texts for the terminals, published at the start when they changed. Else: `admin.ts bundle publish`. */
  bundleFolder: z.string().min(1).optional(),
  /** Addresses of balancers whose X-Forwarded-For is believed; from anybody else it is ignored. */
  trustedProxies: z.array(z.string()).default([]),
  /**
   * What terminals call this middleware, and what a card signs when somebody signs in: `https://name` or
   * `https://name:port`. Never taken from a request. Absent: `host` and the port.
   */
  origin: z
    .url({ protocol: /^https$/ })
    .refine((value) => URL.canParse(value) && new URL(value).origin === value, 'https, a name in small letters, perhaps a port, no path')
    .optional(),
  /** Further roots (PEM, or paths) besides Belgium's: for test cards, so with `demo` only. */
  testRoots: z.array(z.string().min(1)).default([]),
  revocation: z
    .object({
      /** The only hosts that are asked, whatever address a certificate names. */
      hosts: z.array(HostName).default(['ocsp.eid.belgium.be', 'crl.eid.belgium.be']),
      /** Another http address in place of a host of that list: a proxy's, or a test authority's. What comes is signed. */
      instead: z.record(HostName, z.url({ protocol: /^http$/ })).default({}),
      /**
       * For an OCSP answer; a list, which is megabytes, gets three times as long. At most half of the whole search
       * (`longestSearchMs`), so that after one silent responder there is time for a list.
       */
      timeoutMs: z.int().min(100).max(10_000).default(4000),
    })
    .prefault({}),
  /** Whose applications are asked for a person's file. Absent: the file is what this middleware itself holds. */
  sources: z
    .object({
      /** Path of the list (`sources/source-list.ts`), or what stands in it. */
      list: z.union([z.string().min(1), SourceList]),
      /** Where they are: paths of the list begin here. Plain http stays on this machine. */
      base: z.url({ protocol: /^https?$/ }).refine(isSafeBase, 'https, or http on this machine'),
    })
    .optional(),
  /** Who brings messages to people: each is a POST with JSON (`profile/messages.ts`). Absent: nobody, and no code can be sent. */
  messages: z
    .object({
      url: z.url({ protocol: /^https?$/ }).refine(isSafeBase, 'https, or http on this machine'),
      reaches: z.array(ContactChannel).min(1),
    })
    .optional(),
  /** Opens /demo/… (enrolment codes for anybody, fault switches) and makes the operator `demo`. Never with citizens' data. */
  demo: z.boolean().default(false),
});
export type MiddlewareConfig = z.infer<typeof MiddlewareConfig>;

function isSafeBase(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

/** Reads and checks the file. The refusal is a sentence without values: the file holds private keys. */
export async function readConfig(path: string): Promise<Result<MiddlewareConfig, string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return refuse(`The configuration file ${path} cannot be read (${codeOf(error)}).`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(`The configuration file ${path} is not JSON.`);
  }
  const parsed = MiddlewareConfig.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole file'}: ${issue.message}`);
  return refuse(`The configuration file ${path} is not right. ${where.join('; ')}.`);
}

/** The PEM text of a setting that is either a path or the text itself. */
export async function readPem(setting: string): Promise<string> {
  return setting.includes('-----BEGIN ') ? setting : await readFile(setting, 'utf8');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
