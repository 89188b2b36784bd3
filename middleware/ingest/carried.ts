import type { BatchReply } from '../../contract/wire.ts';
import { findKeys } from '../terminals/terminals.ts';
import { recordLoss } from './losses.ts';
import { findSigner, readDelivery } from './read-delivery.ts';
import { type IngestParts, takeDelivery } from './take-delivery.ts';

/** What an operator carried here from a terminal: as over the line, but the signature alone says whose it is. */
export type Carried = {
  /** Null: not a delivery, or nobody of this terminal vouches for it. */
  takeDelivery(terminal: string, items: unknown): Promise<BatchReply['results'] | null>;
  /** @returns false when it is no statement of this terminal */
  takeLoss(terminal: string, statement: string): Promise<boolean>;
};

export function takeCarried(parts: IngestParts & { taken(): void }): Carried {
  return {
    async takeDelivery(terminal, items) {
      const read = readDelivery(items, terminal);
      if (!read.ok) return null;
      const keys = await findKeys(parts.database, terminal, parts.now());
      const signer = findSigner(
        read.value,
        keys.map(({ publicKey }) => publicKey),
      );
      const key = keys.find(({ publicKey }) => publicKey === signer);
      if (signer === null || key === undefined) return null;
      const { results, fresh } = await takeDelivery(
        parts,
        { standing: key.standing, signer, isBelieved: key.standing === 'active', epoch: null, minimal: false },
        read.value,
      );
      if (fresh > 0) parts.taken();
      return results;
    },

    async takeLoss(terminal, statement) {
      return (await recordLoss(parts, { terminal, keys: await findKeys(parts.database, terminal, parts.now()) }, statement)) !== null;
    },
  };
}
