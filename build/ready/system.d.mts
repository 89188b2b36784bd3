export function installPostgres(): Promise<{ ok: boolean; output: string }>;
