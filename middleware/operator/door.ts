import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import { pageHeaders } from '../http/page.ts';
import { Refusal, type Reply, type Request } from '../http/problem.ts';
import type { Role } from '../operators/accounts.ts';
import { reaches } from '../operators/accounts.ts';
import { readSession, type Session } from '../operators/sessions.ts';
import type { Queries } from '../store/database.ts';
import { drawSaying } from './layout.ts';
import { type Tongue, type Words, wordsIn } from './words.ts';

/** One request of somebody who signed in. */
export type Call = { session: Session; tongue: Tongue; words: Words; request: Request; reply: Reply };

/** A page to show, or where to go next. */
export type Next = { page: string; status?: number } | { to: string };

export type Door = {
  /** What is shown, to whoever's role reaches it. */
  page(path: string, needs: Role, draw: (call: Call) => Promise<Next>): void;
  /** A form that was sent from one of these pages. */
  act(path: string, needs: Role, answer: (call: Call, form: Record<string, string>) => Promise<Next>): void;
  /** JSON for a script of these pages. */
  data(path: string, needs: Role, answer: (call: Call) => Promise<object>): void;
  /** JSON from a script of these pages. */
  take(path: string, needs: Role, bodyLimit: number, answer: (call: Call, body: unknown) => Promise<object>): void;
  /** Pages for who has not signed in. */
  open: {
    page(path: string, draw: (call: Omit<Call, 'session'>) => Promise<Next>): void;
    act(path: string, answer: (call: Omit<Call, 'session'>, form: Record<string, string>) => Promise<Next>): void;
  };
};

const formType = 'application/x-www-form-urlencoded';
const formLimit = 8 * 1024;
const languageCookie = 'loket-language';

/**
 * The one way in to the operator's pages: session, role, where a form came from, language. The session's cookie is
 * SameSite=Strict; the Origin is looked at as well, because the cookie also goes along from other ports of the same host.
 */
export function addDoor(app: App, parts: { database: Queries; now: () => Date }, routes: (door: Door) => void): void {
  app.register(async (scope) => {
    scope.addContentTypeParser(formType, { parseAs: 'string', bodyLimit: formLimit }, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    });
    scope.addContentTypeParser(mediaType.json, { parseAs: 'string' }, scope.getDefaultJsonParser('error', 'error'));

    const sessionOf = (request: Request) => readSession(parts.database, request.headers.cookie, parts.now());

    async function enter(request: Request, reply: Reply, needs: Role): Promise<Call | Next> {
      const call = meet(request, reply);
      const session = await sessionOf(request);
      if (session === null) return { to: '/operator/sign-in' };
      // A first password opens one page: the one where it is changed.
      if (session.mustChange && !request.url.startsWith('/operator/password')) return { to: '/operator/password' };
      if (!reaches(session.role, needs)) return { page: drawSaying(call, 'notAllowed', session), status: 403 };
      return { ...call, session };
    }

    async function enterAsScript(request: Request, reply: Reply, needs: Role): Promise<Call> {
      const session = await sessionOf(request);
      if (session === null || session.mustChange) throw new Refusal('signInNeeded', 401);
      if (!reaches(session.role, needs)) throw new Refusal('notAllowed', 403);
      return { ...meet(request, reply), session };
    }

    routes({
      page(path, needs, draw) {
        scope.get(path, async (request, reply) => {
          const call = await enter(request, reply, needs);
          return send(reply, 'session' in call ? await draw(call) : call);
        });
      },
      act(path, needs, answer) {
        scope.post(path, { bodyLimit: formLimit }, async (request, reply) => {
          if (!isFromHere(request)) return send(reply, { page: drawSaying(meet(request, reply), 'notFromHere', null), status: 403 });
          const call = await enter(request, reply, needs);
          return send(reply, 'session' in call ? await answer(call, readForm(request)) : call);
        });
      },
      data(path, needs, answer) {
        scope.get(path, async (request, reply) =>
          reply.type(mediaType.json).send(await answer(await enterAsScript(request, reply, needs))),
        );
      },
      take(path, needs, bodyLimit, answer) {
        const calls = new WeakMap<Request, Call>();
        // Before its body is read: nobody makes this parse megabytes who has not signed in.
        const onRequest = async (request: Request, reply: Reply) => {
          if (!isFromHere(request)) throw new Refusal('notAllowed', 403);
          calls.set(request, await enterAsScript(request, reply, needs));
        };
        scope.post(path, { bodyLimit, onRequest }, async (request, reply) => {
          const call = calls.get(request);
          if (call === undefined) throw new Error('a script that nobody let in');
          return reply.type(mediaType.json).send(await answer(call, request.body));
        });
      },
      open: {
        page(path, draw) {
          scope.get(path, async (request, reply) => send(reply, await draw(meet(request, reply))));
        },
        act(path, answer) {
          scope.post(path, { bodyLimit: formLimit }, async (request, reply) => {
            const call = meet(request, reply);
            if (!isFromHere(request)) return send(reply, { page: drawSaying(call, 'notFromHere', null), status: 403 });
            return send(reply, await answer(call, readForm(request)));
          });
        },
      },
    });
  });
}

/** With `no-referrer`, browsers also keep back the Origin of a form on these very pages (Fetch, 3.2: "null"). */
const ownReferrer = { 'referrer-policy': 'same-origin' };

function send(reply: Reply, next: Next): Reply {
  if ('to' in next) return reply.redirect(next.to, 303);
  return reply
    .code(next.status ?? 200)
    .headers({ ...pageHeaders, ...ownReferrer })
    .send(next.page);
}

/** Browsers say with every POST where the page came from (Fetch, 3.2); whoever says nothing is no browser on these pages. */
function isFromHere({ headers: { origin, host } }: Request): boolean {
  return origin !== undefined && host !== undefined && origin === `https://${host}`;
}

/** Without what the database does not take as text: a zero byte (PostgreSQL manual, 8.3). */
function readForm({ body }: Request): Record<string, string> {
  const form = Object.entries(typeof body === 'object' && body !== null ? body : {});
  return Object.fromEntries(form.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && !entry[1].includes('\0')));
}

function meet(request: Request, reply: Reply): Omit<Call, 'session'> {
  const tongue = chooseTongue(request, reply);
  return { tongue, words: wordsIn(tongue), request, reply };
}

/** What was asked for on a page, else what was asked for before, else what the browser prefers of the two. */
function chooseTongue(request: Request, reply: Reply): Tongue {
  const asked = /[?&]lang=(nl|fr)(?:&|$)/.exec(request.url)?.[1];
  if (asked !== undefined)
    reply.header('set-cookie', `${languageCookie}=${asked}; Path=/operator; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000`);
  const before = new RegExp(`(?:^|; *)${languageCookie}=(nl|fr)(?:;|$)`).exec(request.headers.cookie ?? '')?.[1];
  const preferred = /\b(nl|fr)\b/.exec(request.headers['accept-language'] ?? '')?.[1];
  return (asked ?? before ?? preferred) === 'fr' ? 'fr' : 'nl';
}
