import * as z from 'zod';
import { checkEnterpriseNumber, checkNationalNumber } from '../../contract/check-numbers.ts';
import { Role } from '../../contract/file.ts';
import type { RoleAsker } from '../sources/sources.ts';

/** `birthDate`: by the register. A national number is no proof of it: numbers of one day run out, and unknown days hold zeros. */
const Answer = z.object({ roles: z.array(Role.extend({ birthDate: z.iso.date().optional() })).max(200) });

/**
 * What a source says that this person may be, today.
 * @param today YYYY-MM-DD, where the person is
 * @returns null when it is no answer: one entry that cannot be right spoils it, as nobody knows what else is wrong
 */
export function readRoles(raw: unknown, given: { knows: RoleAsker['knows']; ssin: string; today: string }): Role[] | null {
  const answer = Answer.safeParse(raw);
  if (!answer.success || !answer.data.roles.every((role) => isPossible(role, given))) return null;
  return answer.data.roles.map(endAtMajority).filter(({ until }) => until === null || until >= given.today);
}

type Answered = z.infer<typeof Answer>['roles'][number];

/** Each source speaks of its own subject: what the register of families says of a mandate is not believed. */
function isPossible({ as, birthDate }: Answered, { knows, ssin }: { knows: RoleAsker['knows']; ssin: string }): boolean {
  if (as.kind === 'enterprise') return knows === 'enterprises' && checkEnterpriseNumber(as.enterpriseNumber).ok;
  if (as.kind === 'self' || !checkNationalNumber(as.ssin).ok || as.ssin === ssin) return false;
  if (as.basis === 'mandate') return knows === 'mandates';
  return knows === 'represented' && (as.basis === 'guardian' || birthDate !== undefined);
}

/** Parental authority ends at eighteen (Civil Code, art. 371–372 and 388); the last day is the one before that birthday. */
function endAtMajority({ birthDate, ...role }: Answered): Role {
  if (role.as.kind !== 'person' || role.as.basis !== 'parent' || birthDate === undefined) return role;
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const last = new Date(Date.UTC(year + 18, month - 1, day - 1)).toISOString().slice(0, 10);
  return { ...role, until: role.until !== null && role.until < last ? role.until : last };
}
