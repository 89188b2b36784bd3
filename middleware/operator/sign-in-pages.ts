import { networkOf, type TokenBucket } from '../http/token-bucket.ts';
import { changePassword, checkOperator, writeAct } from '../operators/accounts.ts';
import { passwordLimits } from '../operators/password.ts';
import { closeSession, openSession } from '../operators/sessions.ts';
import type { Database } from '../store/database.ts';
import type { Call, Door } from './door.ts';
import { drawPage, field, html, nothing } from './layout.ts';
import type { Word } from './words.ts';

export type SignInPageParts = {
  database: Database;
  now: () => Date;
  /** `name` slows who tries one name from many places. */
  buckets: { network: TokenBucket; name: TokenBucket };
};

export function addSignInPages(door: Door, parts: SignInPageParts): void {
  const { database, now, buckets } = parts;
  const path = '/operator/sign-in';

  function drawSignIn({ tongue, words }: Omit<Call, 'session'>, problem: Word | null): string {
    const body = html`<form method="post" action="${path}" class="op__form">
${problem === null ? nothing : html`<p class="care" role="alert">${words(problem)}</p>`}
${field(words('name'), 'name', 'autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus maxlength="40"')}
${field(words('password'), 'password', 'type="password" autocomplete="current-password" required maxlength="200"')}
<button>${words('signIn')}</button>
</form>`;
    return drawPage({ tongue, words, title: 'signIn', session: null, body });
  }

  door.open.page(path, async (call) => ({ page: drawSignIn(call, null) }));

  door.open.act(path, async (call, { name = '', password = '' }) => {
    const typed = name.trim().toLowerCase();
    // Who is slowed down does not use up the name's questions: else anybody could keep its owner out.
    const wait = buckets.network.take(networkOf(call.request.ip)) || buckets.name.take(typed.slice(0, 64));
    if (wait > 0) {
      call.reply.header('retry-after', String(wait));
      return { page: drawSignIn(call, 'signInWait'), status: 429 };
    }
    const isTryable = password.length <= passwordLimits.most;
    const account = isTryable ? await checkOperator(database, typed, password) : null;
    if (account === 'busy') {
      call.reply.header('retry-after', '10');
      return { page: drawSignIn(call, 'signInBusy'), status: 503 };
    }
    if (account === null) return { page: drawSignIn(call, 'signInWrong'), status: 403 };
    await writeAct(database, { at: now(), operator: account.name, act: 'sign_in', subject: account.name });
    // A session of before, a planted one too, is not gone on with.
    await closeSession(database, call.request.headers.cookie);
    call.reply.header('set-cookie', await openSession(database, account.name, now()));
    return { to: account.mustChange ? '/operator/password' : '/operator' };
  });

  door.act('/operator/sign-out', 'viewer', async ({ request, reply }) => {
    reply.header('set-cookie', await closeSession(database, request.headers.cookie));
    return { to: path };
  });
}

export function addPasswordPage(door: Door, { database, now, buckets }: SignInPageParts): void {
  const path = '/operator/password';

  function draw({ tongue, words, session }: Call, problem: Word | null): string {
    const fresh = 'type="password" autocomplete="new-password" required minlength="12" maxlength="200"';
    const body = html`<form method="post" action="${path}" class="op__form">
${session.mustChange ? html`<p>${words('mustChange')}</p>` : nothing}
${problem === null ? nothing : html`<p class="care" role="alert">${words(problem)}</p>`}
<input name="name" value="${session.name}" autocomplete="username" readonly hidden>
${field(words('currentPassword'), 'current', 'type="password" autocomplete="current-password" required maxlength="200"')}
${field(words('newPassword'), 'fresh', fresh)}
${field(words('againPassword'), 'again', fresh)}
<button>${words('changePassword')}</button>
</form>`;
    return drawPage({ tongue, words, title: 'password', session, body });
  }

  async function findProblem({ session }: Call, form: { current: string; fresh: string; again: string }): Promise<Word | null> {
    const { current, fresh, again } = form;
    if (fresh !== again) return 'passwordDiffers';
    if (fresh.length < passwordLimits.least || fresh.length > passwordLimits.most || fresh === current) return 'passwordShort';
    if (buckets.name.take(session.name) > 0) return 'signInWait';
    const account = await checkOperator(database, session.name, current);
    if (account === 'busy') return 'signInBusy';
    return account === null ? 'passwordWrong' : null;
  }

  door.page(path, 'viewer', async (call) => ({ page: draw(call, null) }));

  door.act(path, 'viewer', async (call, { current = '', fresh = '', again = '' }) => {
    const problem = await findProblem(call, { current, fresh, again });
    if (problem !== null) return { page: draw(call, problem), status: 422 };
    const { name } = call.session;
    await writeAct(database, { at: now(), operator: name, act: 'change_password', subject: name });
    await changePassword(database, name, fresh);
    call.reply.header('set-cookie', await openSession(database, name, now()));
    return { to: '/operator' };
  });
}
