import type { KioskView } from '../../contract/view.ts';
import type { TypedText } from './kiosk-store.ts';

/** Something stands in a field that main has not taken yet. */
export function hasTyped(typed: TypedText | null): boolean {
  return Object.values(typed?.pages ?? {}).some((fields) => Object.values(fields).some((text) => text !== ''));
}

/** Whether ending the visit now throws away something that a person filled in: then the page asks first. */
export function losesAnswers({ screen }: KioskView, typed: TypedText | null): boolean {
  // Signing in may be in the middle of a form or before it: asking once too often loses nothing.
  if (['check', 'keeping', 'sign_in', 'sign'].includes(screen.name)) return true;
  if (screen.name !== 'question') return false;
  return (
    screen.step.at > 1 ||
    hasTyped(typed) ||
    screen.fields.some(({ value, photos }) => value !== '' || (photos !== null && photos.ids.length > 0))
  );
}
