import { unreachable } from '../../contract/result.ts';
import type { TicketStatus } from '../../contract/wire.ts';
import type { Outcome } from './verify.ts';

/** What the checker says, in Dutch and French. No person, no product. */
export type Tongue = 'nl' | 'fr';
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
  const pick = (dutch: string, french: string) => (tongue === 'nl' ? dutch : french);
  switch (said.kind) {
    case 'checked': {
      const saying = sayOutcome(tongue, said.outcome);
      if (said.status !== null) saying.text.push(sayStatus(tongue, said.status.received));
      if (said.keysLate === null) return saying;
      const day = sayDay(tongue, said.keysLate);
      const late = pick(
        `De sleutels van deze pagina hadden op ${day} vernieuwd moeten zijn. Haal de pagina opnieuw op om ook nieuwe codes na te kijken.`,
        `Les clés de cette page auraient dû être renouvelées le ${day}. Téléchargez à nouveau la page pour vérifier aussi les nouveaux codes.`,
      );
      return { ...saying, text: [...saying.text, late] };
    }
    case 'no_reference':
      return {
        mark: 'care',
        head: pick('Hier staat geen referentie', 'Il n’y a pas de référence ici'),
        text: [
          pick(
            'Plak het hele adres van uw ticket of ontvangstbewijs, of typ de referentie, een spatie en de code.',
            'Collez l’adresse complète de votre ticket ou de votre accusé de réception, ou tapez la référence, une espace et le code.',
          ),
        ],
      };
    case 'no_code':
      return {
        mark: 'care',
        head: pick('Hier staat geen code', 'Il n’y a pas de code ici'),
        text: [
          pick(
            'De code staat in het vierkant op uw papier, achter het teken # in het adres. Scan ze met uw telefoon en plak het hele adres.',
            'Le code est dans le carré sur votre papier, après le signe # de l’adresse. Scannez-le avec votre téléphone et collez l’adresse complète.',
          ),
        ],
      };
    case 'no_keys':
      return {
        mark: 'care',
        head: pick('Niet nagekeken', 'Pas vérifié'),
        text: [
          pick(
            'De sleutels om mee na te kijken zijn niet te lezen. Probeer het later opnieuw, of vraag het aan de balie. Dit zegt niets over uw code.',
            'Les clés de vérification sont illisibles. Réessayez plus tard, ou demandez au guichet. Cela ne dit rien de votre code.',
          ),
        ],
      };
    default:
      return unreachable(said);
  }
}

function sayOutcome(tongue: Tongue, outcome: Outcome): Saying {
  const pick = (dutch: string, french: string) => (tongue === 'nl' ? dutch : french);
  switch (outcome.kind) {
    case 'kept': {
      const kept = pick(
        `Terminal ${outcome.terminal} heeft een aanvraag met deze referentie bewaard en daarvoor getekend. Niemand kan zeggen dat het niet zo is.`,
        `Le terminal ${outcome.terminal} a conservé une demande portant cette référence et l’a signé. Personne ne peut prétendre le contraire.`,
      );
      const withdrawn = outcome.withdrawn === null ? null : sayDay(tongue, outcome.withdrawn);
      const note = pick(
        `De sleutel waarmee dat gebeurde, is sinds ${withdrawn} niet meer in gebruik.`,
        `La clé utilisée ne sert plus depuis le ${withdrawn}.`,
      );
      return { mark: 'done', head: pick('Echt ticket', 'Ticket authentique'), text: withdrawn === null ? [kept] : [kept, note] };
    }
    case 'received': {
      const time = sayTime(tongue, outcome.receivedAt);
      const received = pick(
        `De gemeente heeft de aanvraag met deze referentie ontvangen op ${time} en daarvoor getekend.`,
        `La commune a reçu la demande portant cette référence le ${time} et l’a signé.`,
      );
      const held = pick(
        'Ze wordt nog nagekeken door een medewerker, omdat er twijfel is over de terminal waar ze vandaan komt.',
        'Elle est encore vérifiée par un agent, car il y a un doute sur le terminal dont elle provient.',
      );
      return {
        mark: 'done',
        head: pick('Echt ontvangstbewijs', 'Accusé de réception authentique'),
        text: outcome.held ? [received, held] : [received],
      };
    }
    case 'garbled':
      return {
        mark: 'care',
        head: pick('Deze code is niet te lezen', 'Ce code est illisible'),
        text: [
          pick(
            'Er ontbreekt iets aan, of er staat iets te veel. Scan het vierkant opnieuw en plak het hele adres.',
            'Il manque quelque chose, ou il y a quelque chose de trop. Scannez à nouveau le carré et collez l’adresse complète.',
          ),
        ],
      };
    case 'unknown_key':
      return {
        mark: 'care',
        head: pick('Niet na te kijken', 'Impossible à vérifier'),
        text: [
          pick(
            'Deze code is gemaakt met een sleutel die hier niet bekend is. Ze is van een andere gemeente, of nieuwer dan de sleutels van deze pagina. Haal de pagina opnieuw op, of vraag het aan de balie.',
            'Ce code a été fait avec une clé inconnue ici. Il vient d’une autre commune, ou il est plus récent que les clés de cette page. Téléchargez à nouveau la page, ou demandez au guichet.',
          ),
        ],
      };
    case 'not_genuine':
      return {
        mark: 'care',
        head: pick('Deze code klopt niet', 'Ce code n’est pas correct'),
        text: [
          pick(
            'De code hoort niet bij deze referentie, of er is iets aan veranderd. Kijk de referentie na op uw papier, of vraag het aan de balie.',
            'Le code ne va pas avec cette référence, ou il a été modifié. Vérifiez la référence sur votre papier, ou demandez au guichet.',
          ),
        ],
      };
    default:
      return unreachable(outcome);
  }
}

function sayStatus(tongue: Tongue, received: boolean): string {
  const pick = (dutch: string, french: string) => (tongue === 'nl' ? dutch : french);
  if (!received)
    return pick(
      'Ze is hier nog niet ontvangen. Wat in de kiosk wacht, vertrekt vanzelf zodra er verbinding is.',
      'Elle n’est pas encore reçue ici. Ce qui attend dans la borne part tout seul dès que la connexion est rétablie.',
    );
  return pick('De gemeente heeft ze ontvangen.', 'La commune l’a reçue.');
}

const zone = { timeZone: 'Europe/Brussels' } as const;

export function sayDay(tongue: Tongue, at: string): string {
  return new Intl.DateTimeFormat(`${tongue}-BE`, { ...zone, day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(at));
}

export function sayTime(tongue: Tongue, at: string): string {
  const time = new Intl.DateTimeFormat('nl-BE', { ...zone, hour: '2-digit', minute: '2-digit' }).format(new Date(at));
  return tongue === 'nl' ? `${sayDay(tongue, at)} om ${time.replace(':', '.')} uur` : `${sayDay(tongue, at)} à ${time.replace(':', ' h ')}`;
}
