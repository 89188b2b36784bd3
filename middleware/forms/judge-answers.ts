import * as z from 'zod';
import { BundleManifest } from '../../contract/bundle.ts';
import { compileForm, type Form } from '../../contract/forms/compile-form.ts';
import { dayInBelgium } from '../../contract/forms/days.ts';
import { createValidator } from '../../contract/forms/formats.ts';
import { priceOf } from '../../contract/forms/price.ts';
import type { TransactionContent } from '../../contract/transaction.ts';
import type { Queries } from '../store/database.ts';

/** `unknown`: no bundle of ours has this form in this version; it came with the terminal's own app. */
export type JudgedAnswers = 'right' | 'wrong' | 'unknown';
export type JudgeAnswers = (
  queries: Queries,
  content: Pick<TransactionContent, 'form' | 'answers' | 'openedAt' | 'payment'>,
) => Promise<JudgedAnswers>;

const profile = { testNumbers: false };
/** A record may wait for months: so long the bundles of before are looked through. */
const bundlesBack = 50;

/**
 * Holds answers, and what they cost, against the definition that they were given to, with the terminal's own rule
 * (contract/forms): what a terminal lets through that is not itself any more does not pass here.
 */
export function createAnswersJudge(): JudgeAnswers {
  // A form in a version never changes.
  const known = new Map<string, Form>();
  return async (queries, { form, answers, openedAt, payment }) => {
    const name = `${form.id}@${form.version}`;
    const found = known.get(name) ?? (await findForm(queries, form));
    if (!found) return 'unknown';
    known.set(name, found);
    const isPriced = (payment?.cents ?? 0) === priceOf(found, answers);
    return isPriced && found.findProblems(answers, dayInBelgium(openedAt)).size === 0 ? 'right' : 'wrong';
  };
}

const ManifestRow = z.object({ manifest: z.string() });
const BlobRow = z.object({ content: z.instanceof(Uint8Array) });

async function findForm(queries: Queries, { id, version }: { id: string; version: number }): Promise<Form | null> {
  const rows = await queries.query('SELECT manifest FROM bundle ORDER BY serial DESC LIMIT $1::int', [bundlesBack]);
  const hashes = rows.map((row) => hashOf(ManifestRow.parse(row).manifest, `forms/${id}.json`)).filter((hash) => hash !== null);
  for (const hash of new Set(hashes)) {
    const [row] = await queries.query('SELECT content FROM blob WHERE sha256 = $1', [Buffer.from(hash, 'base64url')]);
    const compiled = row ? compileForm(parse(BlobRow.parse(row).content), createValidator(profile), profile) : null;
    if (compiled?.ok && compiled.value.id === id && compiled.value.version === version) return compiled.value;
  }
  return null;
}

/** Of a manifest that this middleware signed and stored itself. */
function hashOf(jws: string, name: string): string | null {
  const manifest = BundleManifest.safeParse(parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url')));
  return (manifest.success && manifest.data.files.find((file) => file.name === name)?.sha256) || null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
