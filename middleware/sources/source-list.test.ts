import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MiddlewareConfig } from '../config.ts';
import { makeWorld } from '../testing/small-world.ts';
import { readSourceList } from './source-list.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loket-sources-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

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
  expect(await read({ sources: [{ ...first, id: 'loket' }], roles: [] })).toContain('which is the middleware itself');
  const path = (path: string) => ({ sources: [{ ...first, connection: { kind: 'http', path } }], roles: [] });
  for (const wrong of ['library', '//elsewhere.example/x', '/a?ssin=', '/../x', '/%2e%2e'])
    expect([wrong, await read(path(wrong))]).toEqual([wrong, expect.stringContaining('is not right')]);
  expect((await readSourceList(join(folder, 'nowhere.json'))).ok).toBe(false);
});

test('numbers of persons go over https, or stay on this machine', () => {
  const isTaken = (base: string) => MiddlewareConfig.shape.sources.safeParse({ list, base }).success;
  for (const base of ['https://middleware.example/bron', 'http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:80'])
    expect([base, isTaken(base)]).toEqual([base, true]);
  for (const base of ['http://middleware.example', 'http://127.0.0.1.example', 'http://10.0.0.1', 'ftp://localhost', 'x'])
    expect([base, isTaken(base)]).toEqual([base, false]);
});
