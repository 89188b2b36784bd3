import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FileLine } from '../../contract/file.ts';
import { MiddlewareConfig } from '../config.ts';
import { makeWorld, people } from '../testing/small-world.ts';
import { ownSources } from './own-sources.ts';
import { readSourceList, SourceList } from './source-list.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const nobody = { query: async () => [] };
const { list } = makeWorld();
const [first] = list.sources;

async function read(content: unknown): Promise<string> {
  const path = join(folder, 'list.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  const answer = await readSourceList(path);
  return answer.ok ? 'good' : answer.error.replace(path, 'FILE');
}

test('a list, or a sentence about what is wrong with it', async () => {
  expect(await read(list)).toBe('good');
  expect(await read('{')).toBe('The list of sources FILE cannot be read, or is not JSON.');
  expect(await read({ sources: [{ ...first, theme: 'war' }], roles: [] })).toMatch(
    /^The list of sources FILE is not right\. sources\.0\.theme: /,
  );
  expect(await read({ sources: [first, first], roles: [] })).toContain('two sources of one name');
  for (const { info } of ownSources({ database: nobody, now: () => new Date() })) {
    const own = { sources: [{ ...first, id: info.id }], roles: [] };
    expect([info.id, await read(own)]).toEqual([info.id, expect.stringContaining('which is the middleware itself')]);
    expect((await readSourceList(SourceList.parse(own))).ok).toBe(false);
  }
  const path = (path: string) => ({ sources: [{ ...first, connection: { kind: 'http', path } }], roles: [] });
  for (const wrong of ['library', '//elsewhere.example/x', '/a?ssin=', '/../x', '/%2e%2e'])
    expect([wrong, await read(path(wrong))]).toEqual([wrong, expect.stringContaining('is not right')]);
  expect((await readSourceList(join(folder, 'nowhere.json'))).ok).toBe(false);
});

test('as many as a terminal takes with the middleware’s own, and no more', async () => {
  const sources = Array.from({ length: 500 }, (_, at) => ({ ...first, id: `s-${at}` }));
  const own = ownSources({ database: nobody, now: () => new Date() }).map(({ info }) => info);
  const most = 500 - own.length;
  expect(await read({ sources: sources.slice(0, most + 1), roles: [] })).toContain('is not right');
  const full = await readSourceList(SourceList.parse({ sources: sources.slice(0, most), roles: [] }));
  const line = {
    line: 'sources',
    subject: { kind: 'person', ssin: people.self },
    sources: [...own, ...(full.ok ? full.value.sources : [])],
  };
  expect(FileLine.safeParse(line).data).toMatchObject({ sources: { length: 500 } });
});

test('numbers of persons go over https, or stay on this machine', () => {
  const isTaken = (base: string) => MiddlewareConfig.shape.sources.safeParse({ list, base }).success;
  for (const base of ['https://middleware.example/bron', 'http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:80'])
    expect([base, isTaken(base)]).toEqual([base, true]);
  for (const base of ['http://middleware.example', 'http://127.0.0.1.example', 'http://10.0.0.1', 'ftp://localhost', 'x'])
    expect([base, isTaken(base)]).toEqual([base, false]);
});
