import { mediaType } from '../../contract/wire.ts';
import type { MiddlewareConfig } from '../config.ts';
import { writeReading } from '../consultations/write-reading.ts';
import type { Grants } from '../grants/grants.ts';
import { addGrants } from '../grants/routes.ts';
import { addHandovers } from '../handovers/routes.ts';
import type { App } from '../http/app.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { SourcesPageParts } from '../operator/sources-page.ts';
import { ConfigurationRefused } from '../prepare-database.ts';
import type { Messenger } from '../profile/messages.ts';
import type { ConfirmActing } from '../roles/judge-acting.ts';
import { createRoles } from '../roles/roles.ts';
import { addRoles } from '../roles/routes.ts';
import type { Database } from '../store/database.ts';
import type { Terminals } from '../terminals/terminals.ts';
import type { ItemProofs } from './item-proof.ts';
import { ownSources } from './own-sources.ts';
import { addFile, type FilePaces, usualPaces } from './routes.ts';
import { readSourceList } from './source-list.ts';
import { type Deadlines, openSources, usualDeadlines } from './sources.ts';
import { createTally } from './tally.ts';

export type FileChoices = { deadlines?: Partial<Deadlines>; paces?: Partial<FilePaces> };

export type FileRoutesParts = {
  database: Database;
  terminals: Terminals;
  grants: Grants;
  now: () => Date;
  config: MiddlewareConfig['sources'];
  closing: AbortSignal;
  makeBucket(): TokenBucket;
  /** Where messages leave the house. */
  messenger: Messenger;
  /** Of people's own telephones. */
  pageBucket: TokenBucket;
  prove: ItemProofs['prove'];
  choices?: FileChoices;
};

export type FileRoutes = {
  /** For the operator's page. Only in a demo may somebody make a source fail. */
  page(demo: boolean): Pick<SourcesPageParts, 'sources' | 'tally' | 'spoil'>;
  /** Whether somebody may act in another's name, now. */
  confirmActing: ConfirmActing;
  close(): Promise<void>;
};

/** All that a person's file takes: grants, roles, sources. Throws `ConfigurationRefused` for a list that cannot be used. */
export async function addFileRoutes(app: App, parts: FileRoutesParts): Promise<FileRoutes> {
  const { database, terminals, grants, now, config, closing, choices = {} } = parts;
  const list = await readSourceList(config?.list ?? { sources: [], roles: [] });
  if (!list.ok) throw new ConfigurationRefused(list.error);
  const sources = openSources(list.value, {
    base: new URL(config?.base ?? 'http://localhost'),
    deadlines: { ...usualDeadlines, ...choices.deadlines },
    own: ownSources({ database, now }),
  });
  const roles = createRoles({ sources: sources.roles, now, closing });
  const tally = createTally({ database, now, log: app.log });
  addGrants(app, { grants, terminals, bucket: parts.makeBucket() });
  addRoles(app, {
    grants,
    roles,
    terminals,
    bucket: parts.makeBucket(),
    writeReading: (note) => writeReading(database, { ...note, at: now() }),
  });
  addFile(app, {
    database,
    terminals,
    grants,
    roles,
    sources: sources.files,
    writeReading: (note) => writeReading(database, { ...note, at: now() }),
    tally,
    prove: parts.prove,
    now,
    log: app.log,
    bucket: parts.makeBucket(),
    closing,
    paces: { ...usualPaces, ...choices.paces },
  });
  addHandovers(app, {
    database,
    terminals,
    grants,
    roles,
    sources: sources.files,
    messenger: parts.messenger,
    writeReading: (note) => writeReading(database, { ...note, at: now() }),
    now,
    makeBucket: parts.makeBucket,
    pageBucket: parts.pageBucket,
    closing,
    tally,
    log: app.log,
  });
  return {
    confirmActing: roles.confirm,
    page: (demo) => ({ sources: sources.files, tally, spoil: demo && config !== undefined ? spoilAt(config.base) : null }),
    async close() {
      await sources.close();
      await tally.close();
    },
  };
}

/** The invented back offices have a switch of their own. */
function spoilAt(base: string): NonNullable<SourcesPageParts['spoil']> {
  return async (order) => {
    const headers = { 'content-type': mediaType.json };
    const init = { method: 'POST', headers, body: JSON.stringify(order), signal: AbortSignal.timeout(2_000) };
    return await fetch(new URL('control', base.endsWith('/') ? base : `${base}/`), init).then(
      ({ ok }) => ok,
      () => false,
    );
  };
}
