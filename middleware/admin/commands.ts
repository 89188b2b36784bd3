import * as z from 'zod';
import { TerminalId } from '../../contract/ids.ts';
import { ok, type Result, refuse, unreachable } from '../../contract/result.ts';
import { publishBundle } from '../bundles/publish.ts';
import { readBundleFolder } from '../bundles/read-folder.ts';
import { issueEnrolmentCode } from '../enrolment/codes.ts';
import type { LoadedKeys } from '../load-keys.ts';
import { addOperator, OperatorName, Role, resetPassword, writeAct } from '../operators/accounts.ts';
import { backUp, enterRestored, startBackup } from '../store/backup.ts';
import type { Database } from '../store/database.ts';
import { revokeTerminal, TerminalName } from '../terminals/manage.ts';

/** What an administrator of the machine may ask (admin.ts), by himself or of the instance that has the database. */
export const AdminCommand = z.discriminatedUnion('command', [
  z.object({ command: z.literal('enrol'), terminal: TerminalId, name: TerminalName }),
  z.object({ command: z.literal('revoke'), terminal: TerminalId }),
  z.object({ command: z.literal('operator-add'), name: OperatorName, role: Role }),
  z.object({ command: z.literal('operator-reset'), name: OperatorName }),
  /** `folder`: absolute. */
  z.object({ command: z.literal('bundle-publish'), folder: z.string().min(1) }),
  z.object({ command: z.literal('backup-starts') }),
  z.object({ command: z.literal('backed-up'), backup: z.string().min(1).max(40) }),
  z.object({ command: z.literal('restored') }),
]);
export type AdminCommand = z.infer<typeof AdminCommand>;

export type AdminParts = { database: Database; keys: Pick<LoadedKeys, 'rootSha256' | 'bundleKeys'>; now: () => Date };

/** @returns what to print; the refusal is a sentence */
export async function runCommand(parts: AdminParts, command: AdminCommand): Promise<Result<string, string>> {
  const { database, keys, now } = parts;
  const write = (subject: string) => writeAct(database, { at: now(), operator: 'admin.ts', act: command.command, subject });
  switch (command.command) {
    case 'enrol': {
      const { terminal, name } = command;
      await write(terminal);
      const order = { terminal, name, by: 'admin.ts', rootSha256: keys.rootSha256, now: now() };
      const { code, expiresAt } = await database.transaction((queries) => issueEnrolmentCode(queries, order));
      return ok(`Code for ${terminal}, good once, until ${expiresAt.toISOString()}:\n${code}`);
    }
    case 'revoke': {
      await write(command.terminal);
      const revoked = await revokeTerminal(database, command.terminal, now());
      return revoked
        ? ok(`${command.terminal} is revoked: it delivers into quarantine and gets nothing else.`)
        : refuse('No terminal has this name.');
    }
    case 'operator-add': {
      await write(command.name);
      const added = await addOperator(database, command);
      return added.ok ? ok(sayPassword(command.name, added.value)) : refuse('An operator of this name is there already.');
    }
    case 'operator-reset': {
      await write(command.name);
      const reset = await resetPassword(database, command.name);
      return reset.ok ? ok(sayPassword(command.name, reset.value)) : refuse('No operator has this name.');
    }
    case 'bundle-publish': {
      const files = await readBundleFolder(command.folder);
      if (!files.ok) return files;
      const { serial, fresh } = await publishBundle({ database, keys: keys.bundleKeys, now }, files.value);
      if (fresh) await write(`bundle ${serial}`);
      return ok(fresh ? `Published as bundle ${serial}.` : `These files are bundle ${serial} already.`);
    }
    case 'backup-starts': {
      const backup = await startBackup(database);
      await write(`backup ${backup}`);
      return ok(`Noted what is here. Make the backup now; when it lies elsewhere: backed-up ${backup}`);
    }
    case 'backed-up': {
      const { backup } = command;
      if (!(await backUp(database, backup)))
        return refuse(
          `No backup ${backup} is under way: it was noted already, began over a week ago, or before a restore. Make a new one, with backup-starts before it.`,
        );
      await write(`backup ${backup}`);
      return ok('Terminals may forget what that backup has.');
    }
    case 'restored': {
      const epoch = await enterRestored(database);
      await write(`epoch ${epoch}`);
      return ok('Terminals send again all that they still keep. What is here already is not taken twice.');
    }
    default:
      return unreachable(command);
  }
}

function sayPassword(name: string, password: string): string {
  return `First password of ${name}, to be changed at the first sign-in:\n${password}`;
}
