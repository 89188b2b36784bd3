/** What a broken disk keeps from being opened is missing, and the rest works. */
export function openOrNull<T>(open: () => T, onFailure: () => void): T | null {
  try {
    return open();
  } catch {
    onFailure();
    return null;
  }
}
