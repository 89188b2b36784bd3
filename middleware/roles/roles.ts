import { isDeepStrictEqual } from 'node:util';
import { belgianDayOf } from '../../contract/belgian-day.ts';
import type { ActingAs, Role, RolesReply, Subject } from '../../contract/file.ts';
import type { RoleAsker } from '../sources/sources.ts';
import { readRoles } from './read-roles.ts';

export type Roles = {
  list(ssin: string): Promise<RolesReply>;
  /** `unknown`: who would know says nothing now, or is not connected. */
  confirm(ssin: string, as: ActingAs): Promise<'yes' | 'no' | 'unknown'>;
};

/** Nothing is remembered: a mandate may be withdrawn at any moment, so its source is asked each time. */
export function createRoles({ sources, now, closing }: { sources: readonly RoleAsker[]; now: () => Date; closing: AbortSignal }): Roles {
  async function ask(source: RoleAsker, ssin: string): Promise<Role[] | null> {
    const asked = await source.ask(ssin, closing);
    return asked.ok ? readRoles(asked.value, { knows: source.knows, ssin, today: belgianDayOf(now()) }) : null;
  }

  return {
    async list(ssin) {
      const answers = await Promise.all(sources.map(async (source) => ({ source, roles: await ask(source, ssin) })));
      return {
        roles: answers.flatMap(({ roles }) => roles ?? []).slice(0, 200),
        silent: answers.filter(({ roles }) => roles === null).map(({ source }) => source.info),
      };
    },

    async confirm(ssin, as) {
      if (as.kind === 'self') return 'yes';
      const asked = sources.filter(({ knows }) => knows === whoKnows(as));
      if (asked.length === 0) return 'unknown';
      const answers = await Promise.all(asked.map((source) => ask(source, ssin)));
      if (answers.some((roles) => roles?.some((role) => isDeepStrictEqual(role.as, as)))) return 'yes';
      return answers.some((roles) => roles === null) ? 'unknown' : 'no';
    },
  };
}

function whoKnows(as: Exclude<ActingAs, { kind: 'self' }>): RoleAsker['knows'] {
  if (as.kind === 'enterprise') return 'enterprises';
  return as.basis === 'mandate' ? 'mandates' : 'represented';
}

export function subjectOf(ssin: string, as: ActingAs): Subject {
  if (as.kind === 'enterprise') return { kind: 'enterprise', enterpriseNumber: as.enterpriseNumber };
  return { kind: 'person', ssin: as.kind === 'person' ? as.ssin : ssin };
}
