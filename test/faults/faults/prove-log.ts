import * as z from 'zod';
import { spawnProgram } from './spawn-program.ts';

const Report = z.object({ breaks: z.array(z.object({ where: z.string(), what: z.string() })) });

/** The administrator's own command over what the run left: where the middleware's evidence breaks. */
export async function proveLog(
  program: string,
  { config, databaseUrl, compiled }: { config: string; databaseUrl: string | null; compiled: string },
): Promise<string[]> {
  const env = databaseUrl === null ? {} : { DATABASE_URL: databaseUrl };
  const proving = spawnProgram(program, ['--config', config, '--json'], { env, compiled });
  const [report] = await proving.says(/^\{.*\}$/m);
  await proving.gone;
  return Report.parse(JSON.parse(report)).breaks.map(({ where, what }) => `${where}: ${what}`);
}
