import type { VirtualCard } from './build.ts';

export type { VirtualCard } from './build.ts';
export { type PersonaCard, personas } from './personas.ts';
export * from './reader.ts';

/** See build.ts. Loaded only when asked for: who only moves cards needs no compiler and no X.509. */
export async function buildVirtualCard(): Promise<VirtualCard> {
  const build = await import('./build.ts');
  return await build.buildVirtualCard();
}
