import { allPersonas, isEid } from '../../../native/virtual-card/personas.ts';

const made = new Set(allPersonas.filter(isEid).map(({ id }) => id));
const among = (ids: string) => ids.split(' ').filter((id) => made.has(id));

/** Whose card is read, proven and theirs: the next person, after whatever happened. */
export const honest = among('lotte helene gisela milan nora noor ilinca amaru tesfay maximiliaan robrecht rozemarijn expired');
/** Who else may come by. One card per name, so that a name says whose card it was. */
export const people = [...honest, ...among('wannes stranger finn revoked blocked')];
