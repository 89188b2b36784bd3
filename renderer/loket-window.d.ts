import type { LoketApi } from '../contract/preload-api.ts';

declare global {
  interface Window {
    readonly loket: LoketApi;
  }
}
