import { mkdtempSync, rmSync, mkdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { keepFolder } from '../../build/keeper.ts';
import { startChild } from './sync/child.ts';
import { openStand, copyOf } from './sync/stand.ts';
const n = 10000, rounds = Number(process.argv[2] ?? 3), which = process.argv[3] ?? 'both', at = process.argv[4] ?? '/dev/shm';
const folder = keepFolder(mkdtempSync(join(at, 'lb-')));
import('node:fs').then((fs)=>fs.chmodSync(folder,0o755)); process.env.TMPDIR = folder;
const fill = '/dev/shm/lbfill';
mkdirSync(fill, { recursive: true });
import { chmodSync } from 'node:fs'; chmodSync(folder, 0o755);
const stand = await openStand(folder, fill);
const term = startChild('sync/terminal-child.ts'), pc = startChild('sync/plain-client-child.ts'), ps = startChild('sync/plain-server-child.ts');
if (!existsSync(join(fill, 'outbox'))) {
  const t = startChild('sync/terminal-child.ts');
  await t.ask('fill', { parts: stand.terminalOf(join(fill, 'outbox')), records: n }); await t.end();
  mkdirSync(join(fill,'plain'));
  await pc.ask('fill', { file: join(fill, 'plain/q.db'), records: n });
}
const { url } = await ps.ask('start', { file: join(folder, 'server.db'), tls: stand.serverTls }) as {url:string};
for (let r = 0; r < rounds; r++) {
  if (which !== 'plain') {
  await stand.middleware.child.ask('empty');
  const f = copyOf(join(fill, 'outbox'), join(folder, `r${r}`));
  const a = await term.ask('catchUp', { parts: stand.terminalOf(f), url: stand.middleware.url, tls: stand.tls, records: n }) as any;
  console.log('ours ', Math.round(n / a.ms * 1000), 'docs/s cpu', Math.round(a.cpuMs), 'loop', a.loopP99Ms.toFixed(1), await stand.middleware.child.ask('count'));
  rmSync(f, { recursive: true }); }
  if (which === 'ours') continue;
  await ps.ask('empty');
  const p = copyOf(join(fill, 'plain'), join(folder, `p${r}`));
  const b = await pc.ask('catchUp', { file: join(p, 'q.db'), url, tls: stand.tls }) as any;
  console.log('plain', Math.round(n / b.ms * 1000), 'docs/s cpu', Math.round(b.cpuMs), 'loop', b.loopP99Ms.toFixed(1));
  rmSync(p, { recursive: true });
}
await Promise.all([term.end(), pc.end(), ps.end()]);
await stand.close();
rmSync(folder, { recursive: true });
process.exit(0);
