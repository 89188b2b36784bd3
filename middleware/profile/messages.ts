import type { Language } from '../../contract/language.ts';
import type { ContactChannel } from '../../contract/profile.ts';

/** A message on its way to somebody's own telephone or letter box. */
export type Message = { channel: ContactChannel; to: string; subject: string; text: string };

/** The edge where messages leave the house. */
export type Messenger = {
  reaches: readonly ContactChannel[];
  /** False: it was not taken. Never rejects. */
  send(message: Message): Promise<boolean>;
};

/** Where nobody brings messages. */
export const noMessenger: Messenger = { reaches: [], send: async () => false };

const gatewayMs = 10_000;

/** The town's own gateway: each message as JSON, taken with any 2xx. */
export function createGateway({ url, reaches }: { url: string; reaches: readonly ContactChannel[] }): Messenger {
  return {
    reaches,
    async send(message) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) };
      try {
        const { ok, body } = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(gatewayMs) });
        // What it says besides is nobody's: a body that nobody reads would hold its connection.
        await body?.cancel();
        return ok;
      } catch {
        return false;
      }
    },
  };
}

const words: Record<Language, { subject: string; text: (code: string) => string }> = {
  nl: {
    subject: 'Uw code voor het loket',
    text: (code) => `Uw code voor het loket is ${code}. Hij werkt 10 minuten. Vroeg u niets? Dan hoeft u niets te doen.`,
  },
  fr: {
    subject: 'Votre code pour le guichet',
    text: (code) => `Votre code pour le guichet est ${code}. Il fonctionne 10 minutes. Vous n’avez rien demandé ? Ne faites rien.`,
  },
  de: {
    subject: 'Ihr Code für den Schalter',
    text: (code) => `Ihr Code für den Schalter ist ${code}. Er gilt 10 Minuten. Sie haben nichts gefragt? Dann müssen Sie nichts tun.`,
  },
  en: {
    subject: 'Your code for the desk',
    text: (code) => `Your code for the desk is ${code}. It works for 10 minutes. You asked for nothing? Then there is nothing to do.`,
  },
};

export function writeCode(to: { channel: ContactChannel; value: string }, code: string, language: Language): Message {
  const { subject, text } = words[language];
  return { channel: to.channel, to: to.value, subject, text: text(code) };
}
