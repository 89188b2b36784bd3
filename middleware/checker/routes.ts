import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { pageHeaders } from '../http/page.ts';
import { Refusal, type Request } from '../http/problem.ts';
import { networkOf, type TokenBucket } from '../http/token-bucket.ts';
import { type CheckKeysParts, createCheckKeys } from './check-keys.ts';
import { drawCheckPage } from './check-page.ts';
import { buildScript } from './script.ts';

export type CheckerParts = CheckKeysParts & {
  bucket: TokenBucket;
  /** Where people find this server. */
  origin: () => string;
};

/** For whoever holds a printed code. The code stays in the browser: it stands behind `#`, or is typed. */
export function addChecker(app: App, parts: CheckerParts): void {
  const readKeys = createCheckKeys(parts);
  const hurry = (request: Request) => {
    const wait = parts.bucket.take(networkOf(request.ip));
    if (wait > 0) throw new Refusal('tooMany', 429, wait);
  };

  app.get('/v1/check-keys', async (request, reply) => {
    hurry(request);
    return reply.type(mediaType.json).send(await readKeys());
  });

  app.get('/check', async (_request, reply) => reply.headers(pageHeaders).send(drawCheckPage({ kind: 'online' })));

  app.get('/assets/checker.js', async (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(await buildScript()),
  );

  // A file to keep. It is opened elsewhere, so its own policy stands in it.
  app.get('/checker.html', async (request, reply) => {
    hurry(request);
    const [js, css, keys] = await Promise.all([buildScript(), readStyle(), readKeys()]);
    const policy = `default-src 'none'; style-src '${hashOf(css)}'; script-src '${hashOf(js)}'; base-uri 'none'; form-action 'none'`;
    const madeAt = parts.now().toISOString();
    return reply
      .headers({ ...pageHeaders, 'content-disposition': 'attachment; filename="loket-check.html"' })
      .send(drawCheckPage({ kind: 'alone', css, js, policy, keys, origin: parts.origin(), madeAt }));
  });
}

/** Without the font, which is a file of its own. */
async function readStyle(): Promise<string> {
  const css = await readFile(new URL('../pages.css', import.meta.url), 'utf8');
  return css.replace(/@font-face \{[^}]*\}/, '');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
