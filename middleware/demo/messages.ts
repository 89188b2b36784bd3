import { mediaType } from '../../contract/wire.ts';
import type { App } from '../http/app.ts';
import type { Message, Messenger } from '../profile/messages.ts';

/** In place of somebody's telephone and letter box: what was sent last, newest first. */
export type DemoMessages = Messenger & { list(): readonly (Message & { at: string })[] };

const most = 20;

export function createDemoMessages(now: () => Date): DemoMessages {
  let messages: readonly (Message & { at: string })[] = [];
  return {
    reaches: ['email', 'phone'],
    async send(message) {
      // `weigert@…`: a letter box that takes nothing, for whoever wants to see that.
      if (message.to.startsWith('weigert@')) return false;
      messages = [{ ...message, at: now().toISOString() }, ...messages].slice(0, most);
      return true;
    },
    list: () => messages,
  };
}

export function addDemoMessages(app: App, messages: DemoMessages): void {
  app.get('/demo/messages', async (_request, reply) => reply.type(mediaType.json).send(messages.list()));
}
