import * as z from 'zod';
import { AttachmentId } from './attachment.ts';
import { CameraProblem } from './camera.ts';
import { Generation, Hash, Reference, TerminalId } from './ids.ts';
import { Language } from './language.ts';
import { DisplaySettings } from './view.ts';

/**
 * The operator's page at a terminal: a page and renderer process of its own, over the kiosk's, never while a visit is
 * open. It shows what waits and what is wrong, by form and reference; no names, because the terminal knows none.
 */

/** Why nothing goes over the line, as far as the terminal can tell. */
export const LineProblem = z.enum([
  /** No connection could be made, or it broke. */
  'no_connection',
  /** Something answered that is not the middleware: another certificate, a captive portal. */
  'not_the_middleware',
  /** The middleware answered something that the contract does not have. */
  'unreadable',
  /** A receipt did not verify: nothing of it was believed. */
  'receipt_refused',
  /** It asked for patience (429, 503). */
  'busy',
  /** Its own mistake (5xx). */
  'failing',
  /** 401, 403: this terminal's certificate is not taken. */
  'refused',
  /** This terminal's certificate, or the middleware's, is outside its dates; or this clock is far off. */
  'dates',
]);
export type LineProblem = z.infer<typeof LineProblem>;

/** Why the newest bundle was not taken; the one before goes on. */
export const BundleProblem = z.enum([
  /** Not by a bundle key of the key set. */
  'bad_signature',
  /** Signed, and still nothing that could be meant: too large, a name twice, another shape. */
  'bad_manifest',
  /** A file is not the one whose hash was signed. */
  'wrong_content',
  /** Older than what is here. */
  'older',
  'unreadable',
  'storage_failed',
]);
export type BundleProblem = z.infer<typeof BundleProblem>;

export const WaitingForm = z.object({
  /** Title in the operator's language; the form's id where it is not known any more. */
  title: z.string(),
  count: z.int().positive(),
  oldest: z.iso.datetime(),
});

/** A record that no program may settle. */
export const NeedsPerson = z.object({
  reference: Reference,
  title: z.string(),
  keptAt: z.iso.datetime(),
  /** `former_terminal`: kept when this terminal was another one; it can only be carried elsewhere. */
  reason: z.enum(['different_content', 'unknown_key', 'invalid', 'damaged', 'former_terminal']),
  /** Others of its case wait behind it. */
  behind: z.int().nonnegative(),
});
export type NeedsPerson = z.infer<typeof NeedsPerson>;

export const OperatorStatus = z.object({
  /** When this was put together; as all times here, by this terminal's clock, except `madeAt` and `nextUpdate`. */
  at: z.iso.datetime(),
  terminal: z.object({
    id: z.string(),
    name: z.string(),
    standing: z.enum(['not_enrolled', 'active', 'held_revoked', 'held_expired', 'held_forked']),
    certificateUntil: z.iso.datetime().nullable(),
    /** Where the terminal's private key is: the operating system's keystore, or a file of the service's user. */
    keyStore: z.enum(['system', 'file']).nullable(),
    /** SHA-256 of the pinned root, in groups, to compare by eye. */
    root: z.string().nullable(),
  }),
  line: z.object({
    state: z.enum(['up', 'down', 'unknown']),
    problem: LineProblem.nullable(),
    lastContact: z.iso.datetime().nullable(),
    /** The middleware's clock minus ours at the last contact, seconds. */
    clockOffset: z.int().nullable(),
    keySet: z.object({ serial: z.int(), nextUpdate: z.iso.datetime(), late: z.boolean() }).nullable(),
    bundle: z.object({ serial: z.int(), madeAt: z.iso.datetime() }).nullable(),
    bundleProblem: BundleProblem.nullable(),
  }),
  queue: z
    .object({
      generation: Generation,
      waiting: z.array(WaitingForm),
      references: z.array(z.object({ reference: Reference, title: z.string(), keptAt: z.iso.datetime() })).max(500),
      needsPerson: z.array(NeedsPerson).max(500),
      /** Of papers of kept records: not known to be whole at the middleware. */
      photos: z.int().nonnegative(),
      /** What was damaged is being looked through: more may come to light. */
      salvaging: z.boolean(),
      /** Received and still kept, because no backup covers them or their days are not over. */
      received: z.int().nonnegative(),
      /** Records that the disk lost, as far as no operator has said to have read of them. */
      lost: z.int().nonnegative(),
      freeMebibytes: z.int().nonnegative(),
      accepts: z.enum(['ok', 'storage_failed', 'disk_full']),
    })
    .nullable(),
  /** `broken`: a line of it does not follow from the one before. `not_written`: its file cannot be opened. */
  audit: z.enum(['ok', 'broken', 'not_written']),
  /** Why the last photo of a paper could not be taken; null: it could, or nobody tried. */
  camera: CameraProblem.nullable(),
  /** Why there is no queue, and nothing can be kept; null beside one. It is tried again by itself. */
  queueProblem: z
    .enum([
      'disk_full',
      'read_only',
      /** Another process has it. */
      'in_use',
      /** A newer version of the app wrote it. */
      'newer_version',
      'failed',
    ])
    .nullable(),
});
export type OperatorStatus = z.infer<typeof OperatorStatus>;

export const OperatorView = z.object({
  revision: z.int().positive(),
  language: Language,
  languages: z.array(Language),
  display: DisplaySettings,
  pxPerMm: z.union([z.literal('fit'), z.number()]),
  /** What staff call this terminal. */
  kiosk: z.string(),
  /** Near the end of a quiet time: the page goes away then. */
  closesInSeconds: z.int().nonnegative().nullable(),
  page: z.discriminatedUnion('page', [
    /** Asks the one-time code; `wrong` after a refused one, `waitSeconds` when there were too many. */
    z.object({ page: z.literal('sign_in'), wrong: z.boolean(), waitSeconds: z.int().nonnegative() }),
    /** Asks the enrolment code: there is no operator's code before that. */
    z.object({
      page: z.literal('enrol'),
      /** `done`: the app starts anew with its identity. */
      state: z.enum(['asking', 'working', 'done']),
      /** `anew`: an operator who signed in gives this terminal another identity. `damaged`: it had one that cannot be read any more. */
      why: z.enum(['first', 'anew', 'damaged']),
      problem: z.enum(['not_a_code', 'no_connection', 'busy', 'not_the_middleware', 'code_refused', 'storage_failed']).nullable(),
    }),
    z.object({
      page: z.literal('status'),
      status: OperatorStatus,
      /** What became of the last decision: there was nothing to decide any more, or the disk did not take it. */
      problem: z.enum(['nothing_decided', 'not_decided']).nullable(),
      export: z.discriminatedUnion('state', [
        z.object({ state: z.literal('idle') }),
        z.object({ state: z.literal('working') }),
        /** Written, read back and the same. `portShut`: false when the program that shuts the port failed. */
        z.object({
          state: z.literal('done'),
          records: z.int().nonnegative(),
          attachments: z.int().nonnegative(),
          /** Photos that this disk changed, lost or did not let be read: not written. */
          unreadable: z.int().nonnegative(),
          bytes: z.int().nonnegative(),
          /** The folder's name. */
          folder: z.string(),
          portShut: z.boolean(),
        }),
        z.object({
          state: z.literal('failed'),
          /** `salvaging`: after damage, what is whole is still being brought together. */
          why: z.enum(['no_folder', 'port', 'disk_full', 'not_written', 'nothing_waits', 'salvaging']),
          portShut: z.boolean(),
        }),
      ]),
    }),
  ]),
});
export type OperatorView = z.infer<typeof OperatorView>;

const nothing = z.strictObject({});

export const operatorCommands = {
  'operator.ready': nothing,
  /** Somebody touched or typed: the quiet time starts again. At most once a second. */
  'operator.active': nothing,
  'operator.sign_in': z.strictObject({ code: z.string().regex(/^\d{6,8}$/) }),
  'operator.enrol': z.strictObject({ code: z.string().max(80) }),
  /** From the status page: another identity, which ends the doubt about this one. */
  'operator.enrol_anew': nothing,
  /** From there back to the status page. */
  'operator.back': nothing,
  'operator.language': z.strictObject({ language: Language }),
  'operator.display': z.strictObject({ display: DisplaySettings }),
  'operator.sync': nothing,
  'operator.export': nothing,
  /** A person's decision about a record that is stuck: try it once more, or leave it aside for good (it is never deleted unseen). */
  'operator.decide': z.strictObject({ reference: Reference, decision: z.enum(['again', 'aside']) }),
  /** How many the disk lost, as the page said it. It says that no more, and the audit says who was told. */
  'operator.losses_read': z.strictObject({ lost: z.int().positive() }),
  'operator.leave': nothing,
} as const;
export type OperatorCommand = keyof typeof operatorCommands;
export type OperatorInput<C extends OperatorCommand> = z.infer<(typeof operatorCommands)[C]>;

/**
 * What an operator carries elsewhere: a folder with this file, and beside it each attachment as it lies on the terminal,
 * sealed. One JSON value a line, a head and then parts, so that neither side has to hold more than one delivery. The last
 * part is the end: a file without one was cut.
 */
export const exportFile = 'queue.jsonl';
export const ExportHead = z.object({ kind: z.literal('loket/export/1'), terminal: TerminalId, writtenAt: z.iso.datetime() });
export type ExportHead = z.infer<typeof ExportHead>;

/** `terminal`: who vouches for it, which may be one that this terminal was before. */
export const ExportPart = z.discriminatedUnion('part', [
  /** Compact JWS over `LossStatement` that nobody has heard yet. */
  z.object({ part: z.literal('loss'), terminal: TerminalId, statement: z.string().max(400_000) }),
  /** A CloudEvents batch, exactly as it would go over the line, vouched for by its terminal. */
  z.object({ part: z.literal('delivery'), terminal: TerminalId, items: z.array(z.unknown()).min(1).max(100) }),
  /** In the file of its id. `length` and `sha256`: of the sealed bytes. */
  z.object({ part: z.literal('attachment'), terminal: TerminalId, id: AttachmentId, length: z.int().positive(), sha256: Hash }),
  z.object({ part: z.literal('end'), records: z.int().nonnegative(), attachments: z.int().nonnegative() }),
]);
export type ExportPart = z.infer<typeof ExportPart>;

export const nameExported = (attachment: string): string => `${attachment}.sealed`;
