import { writeFileSync } from 'node:fs';

/**
 * Where the system writes core files, one of this process would hold who is at the kiosk. After this it holds no memory at
 * all (core(5), "Controlling which mappings are written"), and neither does one of a process that is started from here on.
 * Chromium's own sandboxed processes allow none anyway. Only Linux has it.
 */
export function leaveNoMemoryDumps(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Without /proc, or where it is shut: then the service's own limit has to do it, as the documentation asks.
  }
}
