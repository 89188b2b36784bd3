import type { Theme } from '../../../contract/file.ts';
import type { Payee } from '../../../contract/payment.ts';

/** Dutch, French, perhaps German and English: back offices have what they have. */
export type Words = readonly [nl: string, fr: string, de?: string, en?: string];

/** For whom a back office has it; left out: adults and seniors. */
export type Whom = 'adult' | 'child' | 'senior' | 'enterprise';

type Common = {
  title: Words;
  /** Days from today; the same for all of them, so that the invented world never ages. */
  on: number;
  theme?: Theme;
  next?: Words;
  action?: { text: Words; until: number | null };
  /** `productNumber` of the catalogue. */
  answeredBy?: string;
  contact?: string;
  /** What its own number begins with. */
  number?: string;
  whom?: readonly Whom[];
};

/** An item as the invented back office holds it. Numbers of days are from today. */
export type Template = Common &
  (
    | { kind: 'dossier'; phase: 'assembling' | 'in_treatment' | 'finished'; status?: Words }
    | { kind: 'document'; issuedBy: Words; validUntil: number | null }
    | { kind: 'appointment'; day: number; time: string; place: Words; cancelled?: true }
    | { kind: 'payment'; cents: number; due: number | null; paidOn: number | null; payee?: Payee }
    | { kind: 'reservation'; day: number; time: string; hours: number; place: Words; state: 'asked' | 'confirmed' | 'cancelled' }
    | { kind: 'permit'; validFrom: number; validUntil: number | null }
    | { kind: 'loan'; due: number; renewable: boolean }
    | { kind: 'message'; text: Words; read: boolean }
    | { kind: 'register_data'; value: 'name' | 'address' | 'birth' | 'household' | Words }
    | { kind: 'consultation'; by: Words; purpose: Words; fields: readonly Words[]; time: string }
  );

export type Templates = Readonly<Record<string, readonly Template[]>>;
