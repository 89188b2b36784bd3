import { useEffect } from 'react';
import { useTownMap } from './map-store.ts';

export function useMap(): void {
  useEffect(() => window.loket.onMap((map) => useTownMap.getState().takeMap(map)), []);
}
