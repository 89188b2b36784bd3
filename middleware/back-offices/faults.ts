import type { ServerResponse } from 'node:http';
import type { Fault } from './control.ts';

export const slowMs = 5_000;
const hugeBytes = 100 * 1024 * 1024;
/** An invented person, of whom nobody asked. */
export const stranger = '64021599807';

export type Answer = { asOf: string; items: Record<string, unknown>[] };

/** Answers as the fault says. `dead` is not answered at all. */
export async function answerWith(response: ServerResponse, fault: Fault, answer: Answer): Promise<void> {
  switch (fault) {
    case 'dead':
      return;
    case 'error':
      response.writeHead(500, { 'content-type': 'text/plain' }).end('ORA-00942: table or view does not exist');
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html><body>Onderhoud tot 14 uur</body></html>');
      return;
    case 'half': {
      const text = JSON.stringify(answer);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
      return;
    }
    case 'huge':
      await sendHuge(response);
      return;
    default:
      sendJson(response, spoil(answer, fault));
  }
}

export function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

function spoil(answer: Answer, fault: Fault): Answer {
  if (fault === 'future') return { ...answer, asOf: new Date(Date.parse(answer.asOf) + 86_400_000).toISOString() };
  if (fault !== 'another' && fault !== 'twice' && fault !== 'markup') return answer;
  const [first, ...others] = answer.items;
  if (first === undefined) return answer;
  if (fault === 'another')
    return { ...answer, items: [...answer.items, { ...first, id: 'x', subject: { kind: 'person', ssin: stranger } }] };
  if (fault === 'twice') return { ...answer, items: [first, first, ...others] };
  if (fault === 'markup') {
    const title = { nl: '<img src=x onerror="alert(1)"><b>Uw boete</b>', fr: '<script>alert(1)</script>' };
    return { ...answer, items: [{ ...first, title }, ...others] };
  }
  return answer;
}

/** As fast as it is taken, until somebody has had enough. */
async function sendHuge(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(1024 * 1024, ' ');
  response.write('{"asOf":"2026-11-20T09:00:00.000Z","items":[');
  for (let sent = 0; sent < hugeBytes && !response.destroyed; sent += piece.length) {
    if (!response.write(piece)) await new Promise<void>((resolve) => response.once('drain', resolve).once('close', resolve));
  }
  if (!response.destroyed) response.end(']}');
}
