import type { Parts, Room } from './room.ts';
import type { RowInList } from './rows.ts';
import { ordinalOf, placesOf } from './schema.ts';

/**
 * A terminal that was given another name still has what it kept under the one before. That is not for its certificate to
 * send: a person carries it elsewhere, and then says that it is done with here.
 */
export function isFormer({ identity }: Parts, { owners }: Room, id: number): boolean {
  return owners.get(ordinalOf(id))?.terminal !== identity.terminal;
}

/** All of it that waits, oldest first. */
export function listFormer({ identity }: Parts, { owners, sql }: Room): RowInList[] {
  const ordinals = [...owners].filter(([, { terminal }]) => terminal !== identity.terminal).map(([ordinal]) => ordinal);
  return ordinals.flatMap((ordinal) => sql.waitingBetween.all(...placesOf(ordinal)));
}
