import { makeCommunication } from '../../contract/check-numbers.ts';
import { keyOfSubject, type RegisterFact, type SourceText, type Subject, type Theme } from '../../contract/file.ts';
import { between, chanceOf } from './chance.ts';
import type { Template, Words } from './items/template.ts';
import { type Known, nameOf } from './people.ts';

const dayMs = 86_400_000;

type Given = {
  seed: string;
  source: { id: string; theme: Theme; name: SourceText };
  subject: Subject;
  known: Known;
  today: Date;
  nth: number;
};

/** A template as the back office would say it of this person today. */
export function buildItem(template: Template, given: Given): Record<string, unknown> {
  const { seed, source, subject, today, nth } = given;
  const chance = chanceOf(seed, source.id, keyOfSubject(subject), nth);
  const day = (offset: number) => new Date(today.getTime() + offset * dayMs).toISOString().slice(0, 10);
  const number = between(chance, 100_000, 999_999);
  const { title, theme = source.theme, on, next, action, answeredBy, contact } = template;
  return {
    id: `${source.id}-${number}`,
    subject,
    title: say(title),
    theme,
    on: day(on),
    ...(next !== undefined && { next: say(next) }),
    ...(action !== undefined && { action: { text: say(action.text), until: action.until === null ? null : day(action.until) } }),
    ...(answeredBy !== undefined && { answeredBy }),
    ...(contact !== undefined && { contact: { name: contact, phone: '056 00 12 34' } }),
    ...(template.number !== undefined && { number: `${template.number}${number}` }),
    ...factsOf(template, given, { day, number }),
  };
}

export function say([nl, fr, de, en]: Words): SourceText {
  return { nl, fr, ...(de !== undefined && { de }), ...(en !== undefined && { en }) };
}

type Made = { day(offset: number): string; number: number };

function factsOf(template: Template, { known }: Given, { day, number }: Made): Record<string, unknown> {
  const { kind } = template;
  const at = (offset: number, time: string, hours = 0) => new Date(brussels(day(offset), time) + hours * 3_600_000).toISOString();
  switch (template.kind) {
    case 'dossier':
      return { kind, phase: template.phase, ...(template.status !== undefined && { status: say(template.status) }) };
    case 'document':
      return { kind, issuedBy: say(template.issuedBy), validUntil: template.validUntil === null ? null : day(template.validUntil) };
    case 'appointment':
      return { kind, at: at(template.day, template.time), place: say(template.place), cancelled: template.cancelled === true };
    case 'payment': {
      const { cents, due, paidOn, payee } = template;
      const communication = cents > 0 ? { communication: makeCommunication(8_000_000_000 + number) } : {};
      return {
        kind,
        cents,
        due: due === null ? null : day(due),
        paidOn: paidOn === null ? null : day(paidOn),
        ...communication,
        ...(payee && { payee }),
      };
    }
    case 'reservation': {
      const { day: on, time, hours, place, state } = template;
      return { kind, from: at(on, time), to: at(on, time, hours), place: say(place), state };
    }
    case 'permit':
      return { kind, validFrom: day(template.validFrom), validUntil: template.validUntil === null ? null : day(template.validUntil) };
    case 'loan':
      return { kind, due: day(template.due), renewable: template.renewable };
    case 'message':
      return { kind, text: say(template.text), read: template.read };
    case 'register_data':
      return { kind, value: describeFact(template.value, known), ...partsOf(template.value, known) };
    case 'consultation': {
      const { by, purpose, fields, time, on } = template;
      return { kind, by: say(by), purpose: say(purpose), fields: fields.map(say), at: at(on, time) };
    }
  }
}

/** Of what a register can also say in parts. */
function partsOf(value: Extract<Template, { kind: 'register_data' }>['value'], known: Known): { fact?: RegisterFact } {
  if (value === 'household' && known.whom !== 'child') return { fact: { fact: 'household_size', persons: 2 } };
  const read =
    /^(?<street>.+) (?<number>\d+[A-Z]?)(?:(?:\/| bus | bte | Bfk\. )(?<box>\S+))?, (?<postalCode>\d{4}) (?<municipality>.+)$/.exec(
      known.address,
    );
  if (value !== 'address' || !read?.groups) return {};
  const { street = '', number = '', box, postalCode = '', municipality = '' } = read.groups;
  return { fact: { fact: 'address', street, number, ...(box !== undefined && { box }), postalCode, municipality } };
}

function describeFact(value: Extract<Template, { kind: 'register_data' }>['value'], known: Known): SourceText {
  const same = (words: string): SourceText => ({ nl: words, fr: words });
  switch (value) {
    case 'name':
      return same(known.whom === 'enterprise' ? `${known.surname}, ${known.address}` : nameOf(known));
    case 'address':
      return same(known.address);
    case 'birth':
      return same(known.birthDate.split('-').reverse().join('.'));
    case 'household':
      return say(
        known.whom === 'child' ? ['kind in het gezin', 'enfant du ménage'] : ['gezinshoofd, met 1 kind', 'chef de ménage, avec 1 enfant'],
      );
    default:
      return say(value);
  }
}

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Brussels', hour: '2-digit', hourCycle: 'h23' });

/** Milliseconds of a wall clock's time in Belgium, summer and winter. */
function brussels(day: string, time: string): number {
  const guess = Date.parse(`${day}T${time}:00Z`);
  const shown = Number(clock.format(guess));
  const hours = (shown - Number(time.slice(0, 2)) + 24) % 24;
  return guess - hours * 3_600_000;
}
