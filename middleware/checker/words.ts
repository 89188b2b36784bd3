import { unreachable } from '../../contract/result.ts';
import type { TicketStatus } from '../../contract/wire.ts';
import type { Outcome } from './verify.ts';

/** What the pages for people say. No person, no product. The first two stand open, the others are opened. */
export const tongues = ['nl', 'fr', 'de', 'en'] as const;
export type Tongue = (typeof tongues)[number];
export const otherTongues = { de: 'Deutsch', en: 'English' } as const satisfies Partial<Record<Tongue, string>>;

/** One text in each of `tongues`, in their order. */
export type Texts = readonly [nl: string, fr: string, de: string, en: string];

export function pickIn(tongue: Tongue): (...texts: Texts) => string {
  return (...texts) => texts[tongues.indexOf(tongue)] ?? texts[0];
}
export type Saying = { mark: 'done' | 'wait' | 'care'; head: string; text: string[] };

export type Said =
  /** `status`: of a genuine ticket, where it was asked for. `keysLate`: since when these keys should have been renewed. */
  | { kind: 'checked'; outcome: Outcome; status: Pick<TicketStatus, 'received'> | null; keysLate: string | null }
  /** Neither a reference nor a code was typed. */
  | { kind: 'no_reference' }
  | { kind: 'no_code' }
  /** The keys could not be fetched, or do not hang together. */
  | { kind: 'no_keys' };

export function sayResult(tongue: Tongue, said: Said): Saying {
  const pick = pickIn(tongue);
  switch (said.kind) {
    case 'checked': {
      const saying = sayOutcome(tongue, said.outcome);
      if (said.status !== null) saying.text.push(sayStatus(tongue, said.status.received));
      if (said.keysLate === null) return saying;
      const day = sayDay(tongue, said.keysLate);
      const late = pick(
        `De sleutels van deze pagina hadden op ${day} vernieuwd moeten zijn. Haal de pagina opnieuw op om ook nieuwe codes na te kijken.`,
        `Les clés de cette page auraient dû être renouvelées le ${day}. Téléchargez à nouveau la page pour vérifier aussi les nouveaux codes.`,
        `Die Schlüssel dieser Seite hätten am ${day} erneuert werden müssen. Laden Sie die Seite erneut, um auch neue Codes zu prüfen.`,
        `The keys of this page should have been renewed on ${day}. Get the page again to check new codes as well.`,
      );
      return { ...saying, text: [...saying.text, late] };
    }
    case 'no_reference':
      return {
        mark: 'care',
        head: pick(
          'Hier staat geen referentie',
          'Il n’y a pas de référence ici',
          'Hier steht keine Referenz',
          'There is no reference here',
        ),
        text: [
          pick(
            'Plak het hele adres van uw ticket of ontvangstbewijs, of typ de referentie, een spatie en de code.',
            'Collez l’adresse complète de votre ticket ou de votre accusé de réception, ou tapez la référence, une espace et le code.',
            'Fügen Sie die ganze Adresse Ihres Tickets oder Ihrer Empfangsbestätigung ein, oder tippen Sie die Referenz, ein Leerzeichen und den Code.',
            'Paste the whole address of your ticket or your receipt, or type the reference, a space and the code.',
          ),
        ],
      };
    case 'no_code':
      return {
        mark: 'care',
        head: pick('Hier staat geen code', 'Il n’y a pas de code ici', 'Hier steht kein Code', 'There is no code here'),
        text: [
          pick(
            'De code staat in het vierkant op uw papier, achter het teken # in het adres. Scan ze met uw telefoon en plak het hele adres.',
            'Le code est dans le carré sur votre papier, après le signe # de l’adresse. Scannez-le avec votre téléphone et collez l’adresse complète.',
            'Der Code steht im Quadrat auf Ihrem Papier, hinter dem Zeichen # in der Adresse. Scannen Sie ihn mit Ihrem Telefon und fügen Sie die ganze Adresse ein.',
            'The code is in the square on your paper, after the sign # in the address. Scan it with your phone and paste the whole address.',
          ),
        ],
      };
    case 'no_keys':
      return {
        mark: 'care',
        head: pick('Niet nagekeken', 'Pas vérifié', 'Nicht geprüft', 'Not checked'),
        text: [
          pick(
            'De sleutels om mee na te kijken zijn niet te lezen. Probeer het later opnieuw, of vraag het aan de balie. Dit zegt niets over uw code.',
            'Les clés de vérification sont illisibles. Réessayez plus tard, ou demandez au guichet. Cela ne dit rien de votre code.',
            'Die Schlüssel zum Prüfen sind nicht lesbar. Versuchen Sie es später erneut, oder fragen Sie am Schalter. Das sagt nichts über Ihren Code.',
            'The keys to check with cannot be read. Try again later, or ask at the desk. This says nothing about your code.',
          ),
        ],
      };
    default:
      return unreachable(said);
  }
}

function sayOutcome(tongue: Tongue, outcome: Outcome): Saying {
  const pick = pickIn(tongue);
  switch (outcome.kind) {
    case 'kept': {
      const kept = pick(
        `Terminal ${outcome.terminal} heeft een aanvraag met deze referentie bewaard en daarvoor getekend. Niemand kan zeggen dat het niet zo is.`,
        `Le terminal ${outcome.terminal} a conservé une demande portant cette référence et l’a signé. Personne ne peut prétendre le contraire.`,
        `Terminal ${outcome.terminal} hat einen Antrag mit dieser Referenz aufbewahrt und dafür unterzeichnet. Niemand kann sagen, dass es nicht so ist.`,
        `Terminal ${outcome.terminal} has kept a request with this reference and signed for it. Nobody can say that it did not.`,
      );
      const withdrawn = outcome.withdrawn === null ? null : sayDay(tongue, outcome.withdrawn);
      const note = pick(
        `De sleutel waarmee dat gebeurde, is sinds ${withdrawn} niet meer in gebruik.`,
        `La clé utilisée ne sert plus depuis le ${withdrawn}.`,
        `Der Schlüssel dafür wird seit dem ${withdrawn} nicht mehr benutzt.`,
        `The key that did so has not been in use since ${withdrawn}.`,
      );
      return {
        mark: 'done',
        head: pick('Echt ticket', 'Ticket authentique', 'Echtes Ticket', 'Genuine ticket'),
        text: withdrawn === null ? [kept] : [kept, note],
      };
    }
    case 'received': {
      const time = sayTime(tongue, outcome.receivedAt);
      const received = pick(
        `De gemeente heeft de aanvraag met deze referentie ontvangen op ${time} en daarvoor getekend.`,
        `La commune a reçu la demande portant cette référence le ${time} et l’a signé.`,
        `Die Gemeinde hat den Antrag mit dieser Referenz am ${time} empfangen und dafür unterzeichnet.`,
        `The municipality received the request with this reference on ${time} and signed for it.`,
      );
      const held = pick(
        'Ze wordt nog nagekeken door een medewerker, omdat er twijfel is over de terminal waar ze vandaan komt.',
        'Elle est encore vérifiée par un agent, car il y a un doute sur le terminal dont elle provient.',
        'Ein Mitarbeiter prüft ihn noch, weil es Zweifel an dem Terminal gibt, von dem er kommt.',
        'A member of staff still checks it, because there is doubt about the terminal that it came from.',
      );
      return {
        mark: 'done',
        head: pick('Echt ontvangstbewijs', 'Accusé de réception authentique', 'Echte Empfangsbestätigung', 'Genuine receipt'),
        text: outcome.held ? [received, held] : [received],
      };
    }
    case 'garbled':
      return {
        mark: 'care',
        head: pick('Deze code is niet te lezen', 'Ce code est illisible', 'Dieser Code ist nicht lesbar', 'This code cannot be read'),
        text: [
          pick(
            'Er ontbreekt iets aan, of er staat iets te veel. Scan het vierkant opnieuw en plak het hele adres.',
            'Il manque quelque chose, ou il y a quelque chose de trop. Scannez à nouveau le carré et collez l’adresse complète.',
            'Etwas fehlt daran, oder es ist etwas zu viel. Scannen Sie das Quadrat erneut und fügen Sie die ganze Adresse ein.',
            'Something is missing, or there is something too much. Scan the square again and paste the whole address.',
          ),
        ],
      };
    case 'unknown_key':
      return {
        mark: 'care',
        head: pick('Niet na te kijken', 'Impossible à vérifier', 'Nicht zu prüfen', 'Cannot be checked'),
        text: [
          pick(
            'Deze code is gemaakt met een sleutel die hier niet bekend is. Ze is van een andere gemeente, of nieuwer dan de sleutels van deze pagina. Haal de pagina opnieuw op, of vraag het aan de balie.',
            'Ce code a été fait avec une clé inconnue ici. Il vient d’une autre commune, ou il est plus récent que les clés de cette page. Téléchargez à nouveau la page, ou demandez au guichet.',
            'Dieser Code wurde mit einem Schlüssel gemacht, der hier nicht bekannt ist. Er ist von einer anderen Gemeinde, oder neuer als die Schlüssel dieser Seite. Laden Sie die Seite erneut, oder fragen Sie am Schalter.',
            'This code was made with a key that is not known here. It is another municipality’s, or newer than the keys of this page. Get the page again, or ask at the desk.',
          ),
        ],
      };
    case 'not_genuine':
      return {
        mark: 'care',
        head: pick('Deze code klopt niet', 'Ce code n’est pas correct', 'Dieser Code stimmt nicht', 'This code is not right'),
        text: [
          pick(
            'De code hoort niet bij deze referentie, of er is iets aan veranderd. Kijk de referentie na op uw papier, of vraag het aan de balie.',
            'Le code ne va pas avec cette référence, ou il a été modifié. Vérifiez la référence sur votre papier, ou demandez au guichet.',
            'Der Code gehört nicht zu dieser Referenz, oder er wurde geändert. Prüfen Sie die Referenz auf Ihrem Papier, oder fragen Sie am Schalter.',
            'The code does not belong to this reference, or it was changed. Look at the reference on your paper again, or ask at the desk.',
          ),
        ],
      };
    default:
      return unreachable(outcome);
  }
}

function sayStatus(tongue: Tongue, received: boolean): string {
  const pick = pickIn(tongue);
  if (!received)
    return pick(
      'Ze is hier nog niet ontvangen. Wat in de kiosk wacht, vertrekt vanzelf zodra er verbinding is.',
      'Elle n’est pas encore reçue ici. Ce qui attend dans la borne part tout seul dès que la connexion est rétablie.',
      'Er ist hier noch nicht angekommen. Was im Kiosk wartet, wird von selbst gesendet, sobald es eine Verbindung gibt.',
      'It has not been received here yet. What waits in the kiosk leaves by itself as soon as there is a connection.',
    );
  return pick(
    'De gemeente heeft ze ontvangen.',
    'La commune l’a reçue.',
    'Die Gemeinde hat ihn empfangen.',
    'The municipality has received it.',
  );
}

const zone = { timeZone: 'Europe/Brussels' } as const;

export function sayDay(tongue: Tongue, at: string): string {
  return new Intl.DateTimeFormat(`${tongue}-BE`, { ...zone, day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(at));
}

export function sayTime(tongue: Tongue, at: string): string {
  const time = new Intl.DateTimeFormat('nl-BE', { ...zone, hour: '2-digit', minute: '2-digit' }).format(new Date(at));
  const day = sayDay(tongue, at);
  return pickIn(tongue)(
    `${day} om ${time.replace(':', '.')} uur`,
    `${day} à ${time.replace(':', ' h ')}`,
    `${day} um ${time} Uhr`,
    `${day} at ${time}`,
  );
}
