import { join } from 'node:path';

/** Where the parts of the built app lie, beside each other. */
const here = import.meta.dirname;
export const preload = join(here, 'preload.cjs');
export const rendererFolder = join(here, 'renderer');
export const cardProcess = join(here, 'card-process.js');
