import type { Session } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { lockSession } from './lock-down.ts';

type Ask = { permission?: string; isMainFrame?: boolean; requestingUrl?: string; mediaTypes?: string[]; mediaType?: string };

/** A session that answers as Electron does: `request` for getUserMedia, `check` for what a page may know beforehand. */
function lock(camera: boolean) {
  const handlers: { request?: (...given: unknown[]) => void; check?: (...given: unknown[]) => boolean } = {};
  lockSession(
    {
      setPermissionRequestHandler: (handler: never) => (handlers.request = handler),
      setPermissionCheckHandler: (handler: never) => (handlers.check = handler),
      setDevicePermissionHandler: vi.fn(),
      on: vi.fn(),
      webRequest: { onBeforeRequest: vi.fn() },
    } as unknown as Session,
    { camera },
  );
  const who = { isMainFrame: true, requestingUrl: 'app://loket/kiosk.html' };
  return {
    request({ permission = 'media', ...details }: Ask = {}) {
      let answer: boolean | undefined;
      handlers.request?.({}, permission, (given: boolean) => (answer = given), { ...who, mediaTypes: ['video'], ...details });
      return answer;
    },
    check: ({ permission = 'media', ...details }: Ask = {}) =>
      handlers.check?.({}, permission, 'app://loket', { ...who, mediaType: 'video', ...details }),
  };
}

describe('the kiosk’s session', () => {
  it('lets its own page see through the camera', () => {
    expect([lock(true).request(), lock(true).check()]).toEqual([true, true]);
  });

  it.each<[string, Ask]>([
    ['to hear', { mediaTypes: ['audio'], mediaType: 'audio' }],
    ['to see and hear', { mediaTypes: ['video', 'audio'], mediaType: 'unknown' }],
    ['for the screen', { mediaTypes: [], mediaType: 'unknown' }],
    ['for the screen by its own name', { permission: 'display-capture' }],
    ['for anything else', { permission: 'geolocation' }],
    ['from the dock, which shares the session', { requestingUrl: 'app://loket/dock.html' }],
    ['from elsewhere', { requestingUrl: 'https://example.org/kiosk.html' }],
    ['from a frame', { isMainFrame: false }],
  ])('refuses who asks %s', (_what, ask) => {
    expect([lock(true).request(ask), lock(true).check(ask)]).toEqual([false, false]);
  });
});

it('the other pages’ sessions give nobody a camera', () => {
  expect([lock(false).request(), lock(false).check()]).toEqual([false, false]);
});
