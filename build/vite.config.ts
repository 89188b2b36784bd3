import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { root } from './paths.ts';

/** The pages. `mode` is the build: the dock is a page of the demo alone. */
export default defineConfig(({ mode }) => ({
  root: join(root, 'renderer'),
  // Files are served by app://, from whatever folder the app was installed in.
  base: './',
  plugins: [react()],
  define: { __LOKET_BUILD__: JSON.stringify(mode), 'process.env.NODE_ENV': JSON.stringify('production') },
  clearScreen: false,
  logLevel: 'warn',
  build: {
    target: 'chrome130',
    emptyOutDir: true,
    // The content security policy allows no data: addresses and no inline script, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: {
        kiosk: join(root, 'renderer/kiosk.html'),
        pin: join(root, 'renderer/pin.html'),
        operator: join(root, 'renderer/operator.html'),
        ...(mode === 'product' ? {} : { dock: join(root, 'renderer/dock.html') }),
      },
    },
  },
}));
