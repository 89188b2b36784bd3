import {
  type BatchReply,
  epochHeader,
  type LineNews,
  type LossReply,
  LossRequest,
  mediaType,
  preference,
  priority,
} from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { addJsonRoute } from '../http/json-route.ts';
import { Refusal, type Request } from '../http/problem.ts';
import type { TokenBucket } from '../http/token-bucket.ts';
import type { Queries } from '../store/database.ts';
import { findKeys, type Terminal, type Terminals } from '../terminals/terminals.ts';
import { admit } from './admit.ts';
import { recordLoss } from './losses.ts';
import type { Pacing, Permit } from './pacing.ts';
import { tellQueues } from './queues.ts';
import { createQuickDeliveries } from './quick-delivery.ts';
import { type Delivery, findSigner, readDelivery } from './read-delivery.ts';
import { readEpoch } from './store-delivery.ts';
import { type Asked, type Deliverer, type IngestParts, type Taken, takeDelivery } from './take-delivery.ts';

export type IngestRouteParts = IngestParts & {
  terminals: Terminals;
  pacing: Pacing;
  /** For losses: each is a statement of up to 400 kB. */
  bucket: TokenBucket;
  /** Milliseconds since any moment, never stepping back. */
  uptime: () => number;
  keySetSerial: () => number;
  /** Of the down-path. */
  readCursor(queries: Queries): Promise<string>;
  /** Something may be carried out: look now. */
  taken(): void;
  log: { warn(fields: object, event: string): void };
};

/** With the terminal's name around the statement. */
const lossLimit = 410 * 1024;

/** What a terminal brings, and what each contact tells it. Held terminals too: nothing of theirs is lost. */
export function addIngest(app: App, parts: IngestRouteParts): void {
  const { terminals, pacing, uptime } = parts;
  const visitors = new WeakMap<Request, { terminal: Terminal; permit: Permit }>();
  const quick = createQuickDeliveries(parts);

  app.post(
    '/v1/transactions',
    {
      // Before its body is read: who comes too early has sent only a header. Who it is stays for a whole connection; what it
      // may is looked at again when its body is there.
      onRequest: async (request, reply) => {
        const terminal = terminals.lastActive(request) ?? (await terminals.requireAny(request));
        visitors.set(request, {
          terminal,
          permit: await admit(pacing, { terminal: terminal.id, kind: kindOf(request), at: uptime() }, reply, uptime),
        });
      },
    },
    async (request, reply) => {
      const visitor = visitors.get(request);
      if (visitor === undefined) throw new Error('a delivery that nobody let in');
      const { terminal, permit } = visitor;
      permit.begin(uptime());
      const read = readDelivery(request.body, terminal.id);
      if (!read.ok) throw new Refusal(read.error === 'not_a_batch' ? 'notABatch' : 'notADelivery', 422);
      const isOwn = findSigner(read.value, [terminal.publicKey]) !== null;
      const asked = { epoch: request.headers[epochHeader] ?? null, minimal: prefersMinimal(request) };
      const taken = (isOwn ? await quick.take(terminal, read.value, asked) : null) ?? (await takeLong(request, read.value, asked));
      if (taken.forkFound) parts.log.warn({ terminal: terminal.id }, 'queue_forked');
      if (taken.fresh > 0) parts.taken();
      // Whether more waits there cannot be told from here: a delivery ends where a record is not to be sent yet, or the line is thin.
      const slot = permit.kind === 'backlog' ? { inMs: pacing.goOn(terminal.id, uptime()) } : null;
      const answer: BatchReply = {
        results: taken.results,
        receipts: taken.receipts,
        news: { at: parts.now().toISOString(), keySetSerial: parts.keySetSerial(), cursor: taken.cursor, ...taken.news, slot },
      };
      // As bytes: a text of this size is turned into them more slowly on its way through the server.
      return reply.type(mediaType.json).send(Buffer.from(JSON.stringify(answer)));
    },
  );

  /** Nothing is believed of what was known before. */
  async function takeLong(request: Request, delivery: Delivery, asked: Asked): Promise<Taken & Pick<LineNews, 'cursor'>> {
    const terminal = await terminals.requireAny(request);
    const signer = await findSignerOf(parts, terminal, delivery);
    if (signer === null) throw new Refusal('notADelivery', 422);
    const delivered = quick.takeLong(delivery, () => takeDelivery(parts, { standing: terminal.standing, ...asked, ...signer }, delivery));
    const [taken, cursor] = await Promise.all([delivered, parts.readCursor(parts.database)]);
    return { ...taken, cursor };
  }

  app.get('/v1/line', async (request, reply) => {
    const looked = pacing.look(uptime());
    reply.raw.once('close', () => looked(uptime()));
    const terminal = await terminals.requireAny(request);
    const inMs = kindOf(request) === 'backlog' ? pacing.ask(terminal.id, uptime()) : null;
    const news: LineNews = {
      at: parts.now().toISOString(),
      keySetSerial: parts.keySetSerial(),
      cursor: await parts.readCursor(parts.database),
      epoch: await readEpoch(parts.database),
      standing: terminal.standing,
      generations: await tellQueues(parts.database, terminal.id),
      slot: inMs === null ? null : { inMs },
    };
    return reply.type(mediaType.json).send(news);
  });

  addJsonRoute(app, {
    path: '/v1/losses',
    input: LossRequest,
    bodyLimit: lossLimit,
    who: terminals.requireAny,
    bucket: parts.bucket,
    async answer({ statement }, terminal): Promise<LossReply> {
      const keys = await findKeys(parts.database, terminal.id, parts.now());
      const recorded = await recordLoss(parts, { terminal: terminal.id, keys }, statement);
      if (recorded === null) throw new Refusal('badRequest', 400);
      if (recorded.forkFound) parts.log.warn({ terminal: terminal.id }, 'queue_forked');
      return { recorded: true };
    },
  });
}

/** What does not call itself something that waited is something that somebody waits for. */
function kindOf(request: Request): 'live' | 'backlog' {
  return request.headers[priority.header] === priority.backlog ? 'backlog' : 'live';
}

/** One of a list, perhaps, and with parameters; the first of a name counts (RFC 7240, 2). */
function prefersMinimal({ headers }: Request): boolean {
  const preferences = [headers[preference.header] ?? []].flat().join().split(',');
  const said = preferences.map((each) => each.replace(/;.*/, '').replace(/[\s"]/g, ''));
  return said.find((each) => /^return=/i.test(each))?.replace(/^return/i, 'return') === preference.minimal;
}

/** Usually the key of this very connection; what waited while the terminal got a new one is signed with one before. */
async function findSignerOf(
  parts: IngestRouteParts,
  terminal: Terminal,
  delivery: Delivery,
): Promise<Pick<Deliverer, 'signer' | 'isBelieved'> | null> {
  const own = findSigner(delivery, [terminal.publicKey]);
  if (own !== null) return { signer: own, isBelieved: terminal.standing === 'active' };
  const keys = await findKeys(parts.database, terminal.id, parts.now());
  const key = keys.find(({ publicKey }) => findSigner(delivery, [publicKey]) !== null);
  return key === undefined ? null : { signer: key.publicKey, isBelieved: key.standing === 'active' };
}
