import type { AskOnce } from './enrol.ts';

const patienceMs = 15_000;
const largestAnswer = 128 * 1024;

/** Enrolment's own requests: one connection each, closed after it, so that what was not believed is not used again. */
export const askOnce: AskOnce = async ({ url, path, tls, post }) => {
  const { Agent, request } = await import('../../sync/http-client.ts');
  const dispatcher = new Agent({
    // Without a root the certificate is only looked at: enrolment compares it with the code and sends nothing.
    connect: { ...(tls.ca === null ? { rejectUnauthorized: false } : { ca: tls.ca }), minVersion: 'TLSv1.3', timeout: patienceMs },
    maxResponseSize: largestAnswer,
    connections: 1,
  });
  try {
    const answer = await request(new URL(path, url), {
      dispatcher,
      method: post === null ? 'GET' : 'POST',
      headers: post === null ? {} : { 'content-type': post.mediaType },
      body: post?.body ?? null,
      signal: AbortSignal.timeout(patienceMs),
    });
    const mediaType = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    return { status: answer.statusCode, mediaType: mediaType.trim().toLowerCase(), body: await answer.body.text() };
  } finally {
    await dispatcher.destroy();
  }
};
