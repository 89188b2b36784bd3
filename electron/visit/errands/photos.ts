import type { KioskInput } from '../../../contract/ipc.ts';
import { refuse } from '../../../contract/result.ts';
import type { Log } from '../../log.ts';
import type { AttachmentRefusal, Attachments } from '../../outbox/attachments/attachments.ts';
import type { KeepRefusal } from '../../outbox/outbox.ts';
import type { KioskState, VisitEvent } from '../state.ts';
import { type Errand, visitOf } from './errands-between.ts';

export type PhotoParts = {
  /** Null where nothing can be put away: no photo is added then, and every form goes on without. */
  attachments: Pick<Attachments, 'prepare' | 'discard'> | null;
  freshId: () => string;
  log: Log;
  state: () => KioskState;
  dispatch: (event: VisitEvent) => void;
};

type ErrandOf<E extends Errand['errand']> = Extract<Errand, { errand: E }>;

export type Photos = {
  /** A page sent a photo. Where the visit has a place for it, `seal` is asked for within this call; else it is forgotten. */
  take(photo: KioskInput<'form.photo'>): void;
  seal(errand: ErrandOf<'seal_photo'>): Promise<void>;
  discard(errand: ErrandOf<'discard_photos'>): void;
};

/** Has photos sealed the moment they come: in the clear they are in memory alone, and there no longer than that takes. */
export function createPhotos({ attachments, freshId, log, state, dispatch }: PhotoParts): Photos {
  let offered: { shot: string; bytes: Uint8Array } | null = null;

  async function sealBytes(bytes: Uint8Array, { txId, field }: ErrandOf<'seal_photo'>) {
    if (!attachments) return refuse('storage_failed' as const);
    // What begins like no JPEG is refused there, before anything is written.
    return await attachments.prepare(txId, bytes, { name: `${field}.jpg`, mediaType: 'image/jpeg' });
  }

  return {
    take({ bytes, ...target }) {
      const shot = freshId();
      offered = { shot, bytes };
      dispatch({ type: 'photo', ...target, shot });
      if (offered) bytes.fill(0);
      offered = null;
    },

    async seal(errand) {
      const { txId, shot } = errand;
      const bytes = offered?.shot === shot ? offered.bytes : new Uint8Array();
      offered = null;
      const sealed = await sealBytes(bytes, errand).finally(() => bytes.fill(0));
      log('photo', { problem: sealed.ok ? null : sealed.error });
      if (!sealed.ok) return dispatch({ type: 'photo_not_sealed', shot, problem: problemOf(sealed.error) });
      dispatch({ type: 'photo_sealed', shot, attachment: sealed.value });
      // Whoever left before it was there leaves nothing behind.
      const { id } = sealed.value;
      if (!visitOf(state())?.draft?.attachments.some((one) => one.id === id)) attachments?.discard(txId, id);
    },

    discard({ txId, photo }) {
      attachments?.discard(txId, photo ?? undefined);
    },
  };
}

function problemOf(refusal: AttachmentRefusal): KeepRefusal {
  return refusal === 'disk_full' ? 'disk_full' : 'storage_failed';
}
