import type { SourceInfo, Subject } from '../../contract/file.ts';
import { type Asked, type Asker, createAsker } from './ask.ts';
import type { RoleSource, Source, SourceList } from './source-list.ts';

/** A place that a file is made of: another machine's application, or what this middleware itself holds. */
export type FileSource = {
  info: SourceInfo;
  freshForMs: number;
  /** Null: not connected. */
  read: ((subject: Subject, gone: AbortSignal) => Promise<Asked>) | null;
};

export type RoleAsker = { info: SourceInfo; knows: RoleSource['knows']; ask(ssin: string, gone: AbortSignal): Promise<Asked> };

export type Sources = {
  files: readonly FileSource[];
  roles: readonly RoleAsker[];
  close(): Promise<void>;
};

/** Milliseconds until a source is called silent. `role`: somebody waits for the answer before anything is shown. */
export type Deadlines = { file: number; role: number };
export const usualDeadlines: Deadlines = { file: 10_000, role: 5_000 };

const minute = 60_000;

export function openSources(list: SourceList, parts: { base: URL; deadlines: Deadlines; own: readonly FileSource[] }): Sources {
  const askers: Asker[] = [];
  const { base, deadlines } = parts;

  function connect(): Asker {
    const asker = createAsker(base);
    askers.push(asker);
    return asker;
  }

  const pathOf = (path: string) => `${base.pathname.replace(/\/$/, '')}${path}`;

  function describe({ connection, freshFor, municipality: _, ...info }: Source): FileSource {
    if (connection.kind === 'not_connected') return { info, freshForMs: freshFor * minute, read: null };
    const asker = connect();
    const path = pathOf(connection.path);
    return {
      info,
      freshForMs: freshFor * minute,
      read: (subject, gone) => asker.ask({ path, body: { subject, purpose: 'own_file' }, deadlineMs: deadlines.file, gone }),
    };
  }

  function describeRole({ path, knows, ...info }: RoleSource): RoleAsker {
    const asker = connect();
    return {
      info,
      knows,
      ask: (ssin, gone) => asker.ask({ path: pathOf(path), body: { ssin }, deadlineMs: deadlines.role, gone }),
    };
  }

  return {
    files: [...parts.own, ...list.sources.map(describe)],
    roles: list.roles.map(describeRole),
    async close() {
      await Promise.all(askers.map((asker) => asker.close()));
    },
  };
}
