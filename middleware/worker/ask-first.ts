import type { Revocations } from '../revocation/revocations.ts';
import type { Acting, ActingWord, ConfirmActing } from '../roles/judge-acting.ts';
import { askAuthority, type SignatureTargets, type SignatureWord } from './signature-word.ts';

/** What others have to be asked before a record is carried out. It takes seconds: outside of the transaction. */
export type Question = { signature: SignatureTargets | null; acting: Acting | null };
/** Null: that was not asked. */
export type Word = { signature: SignatureWord | null; acting: ActingWord | null };

type Parts = {
  revocations: Pick<Revocations, 'find'>;
  confirmActing?: ConfirmActing;
  /** Who could not even be asked says nothing. */
  failed: (error: unknown) => void;
};

const nobody: ConfirmActing = async () => 'unknown';

export async function askFirst({ revocations, confirmActing = nobody, failed }: Parts, { signature, acting }: Question): Promise<Word> {
  const [ofSignature, ofActing] = await Promise.all([
    signature &&
      askAuthority(revocations, signature).catch((error: unknown): SignatureWord => {
        failed(error);
        return { status: 'unknown' };
      }),
    acting &&
      confirmActing(acting.ssin, acting.as).catch((error: unknown): ActingWord => {
        failed(error);
        return 'unknown';
      }),
  ]);
  return { signature: ofSignature, acting: ofActing };
}
