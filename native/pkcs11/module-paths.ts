import { join } from 'node:path';

/** Where eid-mw puts its PKCS#11 module, in the order to look. */
export function modulePaths(platform: NodeJS.Platform, environment: Readonly<Record<string, string | undefined>>): string[] {
  switch (platform) {
    case 'win32':
      // Not beid_ff_pkcs11.dll: that one has a phantom slot (installers/eid-mw/Windows/Product64.wxs:99-121).
      return [`${environment.SystemRoot ?? 'C:\\Windows'}\\System32\\beidpkcs11.dll`];
    case 'darwin': {
      // installers/eid-mw/mac/create_package.sh:149,161; doc/sdk/examples/C/inc/base.h:67
      const bundle = 'beid-pkcs11.bundle/Contents/MacOS/libbeidpkcs11.dylib';
      return [join('/Library/Belgium Identity Card/Pkcs11', bundle), '/usr/local/lib/libbeidpkcs11.dylib', join('/usr/local/lib', bundle)];
    }
    default:
      // plugins_tools/aboutmw/gtk/about-main.c:183; `.so.0`, because `.so` comes with the development package only.
      return ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/lib/i386-linux-gnu', '/usr/local/lib'].map((folder) =>
        join(folder, 'libbeidpkcs11.so.0'),
      );
  }
}

/** The configured module, or the first that is where this operating system keeps it; null when there is none. */
export function findModule(configured: string | null, exists: (path: string) => boolean): string | null {
  const candidates = configured === null ? modulePaths(process.platform, process.env) : [configured];
  return candidates.find((path) => exists(path)) ?? null;
}
