import { appendFileSync, renameSync, statSync } from 'node:fs';
import type { Clock } from './clock.ts';

/**
 * Every line that the app may log. A closed list, and details are numbers and literals from our own code, so that no
 * name or number of a person can reach the file by accident.
 */
export type LogEvent =
  | 'app_started'
  | 'app_stopped'
  | 'app_failed'
  | 'second_instance'
  | 'ipc_refused'
  | 'card_module'
  | 'card_event'
  /** What was proven, and the milliseconds from the first sight of a card to its identity, its proof and its photo. */
  | 'card_read'
  | 'card_process_ended'
  | 'card_process_silent'
  | 'form_refused'
  | 'addresses_refused'
  | 'map_refused'
  /** Something of the catalogue that does not fit: in which of its lists, and where in it. */
  | 'catalogue_refused'
  /** Milliseconds from the first news of a card to its identity drawn on the glass. */
  | 'identity_shown'
  | 'revocation'
  /** How the reading of a file ended; and one that cannot be read. */
  | 'file_read'
  | 'file_refused'
  /** Something of the file was taken along; `problem`: null when it was. */
  | 'item_taken'
  | 'chip'
  /** `problem`: null when the middleware accepted it. */
  | 'sign_in'
  | 'signed'
  /** Our own mistake while carrying out what a step asked for. */
  | 'errand_failed'
  | 'kept'
  | 'not_kept'
  /** `problem`: null when it was sealed. */
  | 'photo'
  | 'camera_failed'
  | 'line_up'
  | 'line_down'
  | 'batch_sent'
  | 'reply_refused'
  | 'receipt_refused'
  | 'item_refused'
  /** A whole delivery that the middleware cannot read, or finds too large: it comes again in smaller ones. */
  | 'delivery_refused'
  | 'attachment_sent'
  | 'attachment_refused'
  /** The disk changed it: it can never come. */
  | 'attachment_damaged'
  /** What a person laid aside: nobody is to wait at its place. */
  | 'aside_stated'
  | 'loss_stated'
  | 'loss_refused'
  | 'receipts_forgotten'
  | 'key_set_taken'
  | 'key_set_refused'
  | 'bundle_taken'
  | 'first_screen_drawn'
  | 'storage_failed'
  | 'storage_back'
  /** The queue's file was set aside and a new one begun; and what was found whole in it. */
  | 'queue_damaged'
  | 'queue_salvaged'
  | 'audit_failed'
  /** A line does not follow from the one before it. */
  | 'audit_broken'
  | 'renderer_gone'
  | 'wiped'
  | 'bundle_refused'
  | 'operator_opened'
  | 'operator_closed'
  | 'operator_signed_in'
  | 'operator_refused'
  | 'enrolled'
  | 'enrol_refused'
  | 'exported'
  | 'not_exported'
  /** A program of the configuration that opens or shuts a port: it was not there, said no, or took too long. */
  | 'port_failed';

export type Log = (event: LogEvent, detail?: Record<string, string | number | boolean | null>) => void;

const largestFile = 2 * 1024 * 1024;

/** Appends JSON lines to `file`, keeping one older file. A log that cannot be written never stops the app. */
export function createLog({ file, clock }: { file: string; clock: Clock }): Log {
  return (event, detail = {}) => {
    try {
      rotate(file);
      appendFileSync(file, `${JSON.stringify({ ...detail, at: clock.wall().toISOString(), event })}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not take the kiosk down; the outbox reports it where it matters.
    }
  };
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestFile) renameSync(file, `${file}.1`);
}
