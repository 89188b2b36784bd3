import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AfterPackContext, Configuration } from 'electron-builder';
import { root } from '../paths.ts';
import type { Runtime } from '../runtime.ts';

/** Where the unpacked product ends up: `dist/linux-unpacked` and its like. */
export const outputFolder = join(root, 'dist');

export function describePackage(runtime: Runtime, stage: string): Configuration {
  return {
    appId: 'be.loket.app',
    productName: 'Loket',
    executableName: 'loket',
    copyright: 'Loket',
    electronVersion: runtime.version,
    electronDist: runtime.dist,
    directories: { app: stage, output: outputFolder, buildResources: join(root, 'build/package/resources') },
    // The compiled modules are laid out ready (stage.ts); building them again would want headers of each Electron.
    npmRebuild: false,
    asar: true,
    asarUnpack: ['**/*.node'],
    electronLanguages: ['nl', 'fr', 'de', 'en-GB', 'en-US'],
    publish: null,
    linux: { target: 'dir', category: 'Office' },
    win: { target: 'dir' },
    // Without a sentence of ours macOS ends the app where it asks for the camera.
    mac: { target: 'dir', identity: null, extendInfo: { NSCameraUsageDescription: 'Loket fotografeert papieren bij een aanvraag.' } },
    electronFuses: {
      // The package runs this app and nothing else: no script, no inspector, no code beside its own archive.
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      // Pages come by app://, so that file:// needs no rights.
      grantFileProtocolExtraPrivileges: false,
    },
    afterPack: removeDefaultApp,
  };
}

/** Electron's own greeting, which runs whatever folder it is given. */
async function removeDefaultApp({ appOutDir, packager, electronPlatformName }: AfterPackContext): Promise<void> {
  const resources =
    electronPlatformName === 'darwin'
      ? join(appOutDir, `${packager.appInfo.productFilename}.app/Contents/Resources`)
      : join(appOutDir, 'resources');
  await rm(join(resources, 'default_app.asar'), { force: true });
}
