/**
 * What may stand on the product's command line. Chromium reads the same line, before any code of ours, and has switches
 * that open its pages to a debugger, put another program before its processes, take its sandbox away or write down what it
 * sends: more than anybody can list, so these are the ones that are taken.
 *
 * `--updated`: electron-builder's Windows installer starts the app so after an update (app-builder-lib,
 * templates/nsis/common.nsh); it means nothing to Chromium. Not taken, on purpose: `--no-sandbox`, which the AppImage and
 * Snap launchers of that package add where a system has no user namespaces.
 */
const withPath = ['--config', '--data'];
const alone = ['--updated'];
const demoOnly = ['--demo-edges', '--pkcs11-module', '--test-root', '--forms'];

/**
 * A sentence about the first word that the product does not take, or null. The app leaves at once then. Chromium opens its
 * debugging port, writes its network log and starts its pages' processes only when the app's main module has run, so that
 * nothing of it is seen (strace, Electron 33.2); Node's inspector is off by the package's fuse. What has started by then is
 * Chromium's zygote, for which there is a `--zygote-cmd-prefix`: who may give that may start the program itself.
 */
export function refuseProductWord(argv: readonly string[], platform: NodeJS.Platform = process.platform): string | null {
  const demo = argv.map(nameOf).find((name) => demoOnly.includes(name));
  if (demo) return `This is the product build: it does not take ${demo}. Use a demo build to try other cards.`;
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const name = withPath.find((each) => word === each || word.startsWith(`${each}=`));
    if (name) {
      const path = word === name ? (argv[++at] ?? '') : word.slice(name.length + 1);
      if (path === '' || isSwitch(path, platform)) return `${name} needs a path after it.`;
    } else if (isSwitch(word, platform) && !alone.includes(word))
      return `This is the product build: of all switches it takes --config and --data. It does not take ${nameOf(word)}.`;
  }
  return null;
}

/** As Chromium tells one (base/command_line.cc): white space before it is dropped, one dash is enough, on Windows a slash too. */
function isSwitch(word: string, platform: NodeJS.Platform): boolean {
  const start = word.replace(/^[\s\p{Z}\p{C}]+/u, '')[0];
  return start === '-' || (platform === 'win32' && start === '/');
}

/** For a sentence on a terminal: no value, and nothing that a terminal obeys. */
function nameOf(word: string): string {
  return (word.split('=')[0] ?? '')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, 60);
}
