import { type Attachment, attachmentLimits } from '../../../contract/attachment.ts';
import { photoIds } from '../../forms/read-answer.ts';
import type { KeepRefusal } from '../../outbox/outbox.ts';
import type { Draft, Visit } from '../state.ts';
import type { Walk } from './fill-form.ts';

/** Ids of a photo field's attachments, in the order in which they were taken. */
export function photosOf({ answers }: Pick<Draft, 'answers'>, field: string): string[] {
  return photoIds(answers[field]);
}

export function isSealing({ photo }: Draft): boolean {
  return photo?.stage === 'sealing';
}

/** How many more photos this request may have. */
export function photoRoom({ attachments }: Draft): number {
  return Math.max(0, attachmentLimits.perRecord - attachments.length);
}

type Target = { page: string; field: string };

/** A photo for the field that is on the glass begins to be put away, where there is room for it. */
export function beginPhoto(walk: Walk, { page, field, shot }: Target & { shot: string }): Walk {
  if (!isPhotoOnGlass(walk, { page, field }) || photoRoom(walk.draft) === 0) return walk;
  return { ...walk, draft: { ...walk.draft, photo: { stage: 'sealing', field, shot } } };
}

export function removePhoto(walk: Walk, { page, field, photo }: Target & { photo: string }): Walk {
  const ids = photosOf(walk.draft, field);
  if (!isPhotoOnGlass(walk, { page, field }) || !ids.includes(photo)) return walk;
  const attachments = walk.draft.attachments.filter(({ id }) => id !== photo);
  const left = ids.filter((id) => id !== photo);
  return { ...walk, draft: { ...withPhotos(walk.draft, field, left), attachments, photo: null } };
}

/** Also under a cover, and on whatever page the person is by now. */
export function hearPhotoSealed(visit: Visit, shot: string, attachment: Attachment): Visit {
  const { draft } = visit;
  if (draft?.photo?.stage !== 'sealing' || draft.photo.shot !== shot) return visit;
  const { field } = draft.photo;
  const attachments = [...draft.attachments, attachment];
  return { ...visit, draft: { ...withPhotos(draft, field, [...photosOf(draft, field), attachment.id]), attachments, photo: null } };
}

export function hearPhotoNotSealed(visit: Visit, shot: string, problem: KeepRefusal): Visit {
  const { draft } = visit;
  if (draft?.photo?.stage !== 'sealing' || draft.photo.shot !== shot) return visit;
  return { ...visit, draft: { ...draft, photo: { stage: 'problem', field: draft.photo.field, problem } } };
}

function isPhotoOnGlass({ form, place }: Walk, { page, field }: Target): boolean {
  const shown = place.at === 'question' ? form.pages[place.page] : undefined;
  return shown?.name === page && shown.fields.some(({ name, control }) => name === field && control === 'photo');
}

/** What was signed is what was there then, and nothing is missing any more that was. */
function withPhotos(draft: Draft, field: string, ids: readonly string[]): Draft {
  const { [field]: _, ...others } = draft.answers;
  const answers = ids.length === 0 ? others : { ...others, [field]: [...ids] };
  return { ...draft, answers, problems: {}, signed: null };
}
