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

/** 498 and not more: the middleware itself is two (contract/file.ts, `FileLine`). */
export const SourceList = z
  .object({ sources: z.array(Source).max(498), roles: z.array(RoleSource).max(10) })
  .refine(({ sources, roles }) => areDifferent([...sources, ...roles].map(({ id }) => id)), 'two sources of one name');
export type SourceList = z.infer<typeof SourceList>;

function areDifferent(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

const own = ['loket', 'consultations'];

/** @returns the list, or a sentence about the file that a person can act on */
export async function readSourceList(setting: string | SourceList): Promise<Result<SourceList, string>> {
  if (typeof setting !== 'string') return ok(setting);
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
  const taken = read.data.sources.find(({ id }) => own.includes(id));
  return taken === undefined ? ok(read.data) : refuse(`The list of sources names ${taken.id}, which is the middleware itself.`);
}
