import type { KioskView } from '../../contract/view.ts';
import type { TypedText } from './kiosk-store.ts';

/** Whether ending the visit now throws away something that a person filled in: then the page asks first. */
export function losesAnswers({ screen }: KioskView, typed: TypedText | null): boolean {
  if (screen.name === 'check' || screen.name === 'keeping') return true;
  if (screen.name !== 'question') return false;
  const typedHere = Object.values(typed?.pages ?? {}).some((fields) => Object.values(fields).some((text) => text !== ''));
  return screen.step.at > 1 || typedHere || screen.fields.some((field) => field.value !== '');
}
