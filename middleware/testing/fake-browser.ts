import type { Response } from 'undici';
import type { TestMiddleware } from './harness.ts';

/** What a browser does for somebody at the operator's pages: keeps cookies, says where a form came from. */
export type FakeBrowser = {
  cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** @param origin what it says of where the form stood; null: nothing */
  submit(path: string, form: Record<string, string>, origin?: string | null): Promise<Response>;
  postJson(path: string, body: unknown, origin?: string | null): Promise<Response>;
  signIn(name: string, password: string): Promise<Response>;
};

export function createFakeBrowser(middleware: TestMiddleware): FakeBrowser {
  const cookies = new Map<string, string>();
  const cookieHeader = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  async function ask(path: string, init: { method?: string; body?: string; headers?: Record<string, string> }): Promise<Response> {
    const headers = { cookie: cookieHeader(), ...init.headers };
    const reply = await middleware.ask(path, { ...init, headers, redirect: 'manual', as: null });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    return reply;
  }

  function post(path: string, type: string, body: string, origin: string | null): Promise<Response> {
    return ask(path, { method: 'POST', body, headers: { 'content-type': type, ...(origin === null ? {} : { origin }) } });
  }

  const here = new URL(middleware.url).origin;
  const submit: FakeBrowser['submit'] = (path, form, origin = here) =>
    post(path, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), origin);
  return {
    cookies,
    get: (path, headers = {}) => ask(path, { headers }),
    submit,
    postJson: (path, body, origin = here) => post(path, 'application/json', JSON.stringify(body), origin),
    signIn: (name, password) => submit('/operator/sign-in', { name, password }),
  };
}
