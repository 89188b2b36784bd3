import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, it } from 'vitest';
import { closeWorld, makeFolder, openApp, openWorld } from './stage.ts';

afterAll(closeWorld);

it('a town that says je asks so too', async () => {
  const { edges } = await openWorld();
  const config = JSON.parse(readFileSync(edges.configFile, 'utf8'));
  const configFile = join(makeFolder(), 'terminal.json');
  writeFileSync(configFile, JSON.stringify({ ...config, municipality: { ...config.municipality, address: 'informal' } }));
  const { person } = await openApp(edges, { configFile });
  await person.see('attract.title');
  await person.press('attract.begin');
  await person.press('catalogue.search');
  await person.find('afspraak', 'Afspraak maken');
  await person.press('product.begin');
  await person.seeQuestion('Waarvoor kom je?');
});
