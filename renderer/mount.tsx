import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

export function mount(app: ReactNode): void {
  const place = document.getElementById('app');
  if (!place) throw new Error('the page has no place for the app');
  createRoot(place).render(<StrictMode>{app}</StrictMode>);
}
