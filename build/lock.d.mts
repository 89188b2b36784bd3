export function takeLock(folder: string, onWait?: (owner: number | null) => void): Promise<() => void>;
