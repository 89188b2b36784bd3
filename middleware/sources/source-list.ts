import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { SourceInfo } from '../../contract/file.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';

/** A path below the base, never with a number in it: who is asked about stands in the body. */
const Path = z.string().regex(/^(\/[a-z0-9-]{1,60}){1,5}$/);

/** Minutes for which a source promises that its data are of now. Older than that is `stale`. */
const FreshFor = z.int().min(1).max(525_600);

export const Source = SourceInfo.extend({
  /** NIS code of the town whose application it is; null: it is for the whole region or wider. */
  municipality: z
    .string()
    .regex(/^\d{5}$/)
    .nullable(),
  freshFor: FreshFor,
  connection: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('http'), path: Path }),
    /** Known, and not joined to this middleware yet. */
    z.object({ kind: z.literal('not_connected') }),
  ]),
});
export type Source = z.infer<typeof Source>;

/** What knows for whom somebody may act: enterprises, children and wards, mandates that were given. */
export const RoleSource = SourceInfo.extend({ knows: z.enum(['enterprises', 'represented', 'mandates']), path: Path });
export type RoleSource = z.infer<typeof RoleSource>;

/** What this middleware itself holds (`own-sources.ts`). */
export const ownIds = ['loket', 'consultations', 'profile'] as const;

/** With its own no more than a terminal takes (contract/file.ts, `FileLine`). */
const mostSources = 500 - ownIds.length;

export const SourceList = z
  .object({ sources: z.array(Source).max(mostSources), roles: z.array(RoleSource).max(10) })
  .refine(({ sources, roles }) => areDifferent([...sources, ...roles].map(({ id }) => id)), 'two sources of one name');
export type SourceList = z.infer<typeof SourceList>;

function areDifferent(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** @returns the list, or a sentence about the file that a person can act on */
export async function readSourceList(setting: string | SourceList): Promise<Result<SourceList, string>> {
  if (typeof setting !== 'string') return refuseOwn(setting, 'The list of sources');
  let json: unknown;
  try {
    json = JSON.parse(await readFile(setting, 'utf8'));
  } catch {
    return refuse(`The list of sources ${setting} cannot be read, or is not JSON.`);
  }
  const read = SourceList.safeParse(json);
  if (!read.success) {
    const where = read.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.') || 'the whole file'}: ${message}`);
    return refuse(`The list of sources ${setting} is not right. ${where.join('; ')}.`);
  }
  return refuseOwn(read.data, `The list of sources ${setting}`);
}

function refuseOwn(list: SourceList, which: string): Result<SourceList, string> {
  const taken = list.sources.find(({ id }) => ownIds.some((own) => own === id));
  return taken === undefined ? ok(list) : refuse(`${which} names ${taken.id}, which is the middleware itself.`);
}
