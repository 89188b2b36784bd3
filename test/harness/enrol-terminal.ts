import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { askOnce } from '../../electron/terminal/identity/ask-once.ts';
import { fileKeyStore } from '../../electron/terminal/identity/key-store.ts';
import { openRegistry } from '../../electron/terminal/identity/registry.ts';
import type { Edges } from './edges.ts';

/**
 * Gives a terminal its identity before its app starts, past the line: a story may begin without one. With the app's own
 * code, and a code of its own, so that one world can have many stories. Does nothing where there is one already.
 */
export async function enrolTerminal(edges: Edges, dataDir: string, owner: { uid: number; gid: number } | null): Promise<void> {
  const loket = join(dataDir, 'loket');
  const folder = join(loket, 'identity');
  const { origin, terminal, issueCode } = edges.middleware;
  const registry = openRegistry({ folder, terminal, url: origin, keyStore: fileKeyStore, ask: askOnce, now: () => new Date() });
  if (registry.current()) return;
  const enrolled = await registry.enrol(await issueCode());
  if (!enrolled.ok) throw new Error(`the terminal was not enrolled: ${enrolled.error}`);
  if (owner)
    for (const path of [loket, folder, ...readdirSync(folder).map((name) => join(folder, name))]) chownSync(path, owner.uid, owner.gid);
}
