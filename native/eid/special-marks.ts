import type { Identity } from '../../contract/identity.ts';

type Status = Omit<Identity['specialStatus'], 'code'>;

/** Tag 10: a cane (1 white, 4 yellow), extended minority (2), or both. New cards carry only 0 and 2. */
const statuses: ReadonlyMap<string, Status> = new Map([
  ['1', { whiteCane: true, yellowCane: false, extendedMinority: false }],
  ['2', { whiteCane: false, yellowCane: false, extendedMinority: true }],
  ['3', { whiteCane: true, yellowCane: false, extendedMinority: true }],
  ['4', { whiteCane: false, yellowCane: true, extendedMinority: false }],
  ['5', { whiteCane: false, yellowCane: true, extendedMinority: true }],
]);
const noStatus: Status = { whiteCane: false, yellowCane: false, extendedMinority: false };

/** Tag 13. */
const organisations: ReadonlyMap<string, Identity['specialOrganisation']['kind']> = new Map([
  ['', 'none'],
  ['1', 'shape'],
  ['2', 'nato'],
  ['4', 'former_blue_card'],
  ['5', 'researcher'],
]);

export function readSpecialStatus(code: string): Identity['specialStatus'] {
  return { code, ...(statuses.get(code) ?? noStatus) };
}

export function readSpecialOrganisation(code: string): Identity['specialOrganisation'] {
  return { code, kind: organisations.get(code) ?? 'other' };
}
