import type { ReactNode } from 'react';
import type { PhonePayment } from '../../contract/payment.ts';
import { Say, useText } from '../i18n/words.tsx';
import { Qr } from './qr.tsx';

/** `phone`: what the banking app on the own phone reads, and the account to type over; null: at the desk alone. */
type PaymentProps = { amount: string; communication: string; phone: PhonePayment | null; children: ReactNode };

/** What is still to be paid, and how. */
export function Payment({ amount, communication, phone, children }: PaymentProps) {
  const text = useText();
  return (
    <section className="ticketbox payment" aria-label={text('pay.open')}>
      {phone && <Qr text={phone.code} label={text('pay.qr')} />}
      <div className="ticketbox__say">
        <h2>
          <Say id="pay.open" />
        </h2>
        <p>
          <Say id="pay.amount" values={{ amount, communication }} />
          {phone && (
            <span className="line">
              <Say id="pay.account" values={{ iban: phone.iban, payee: phone.payee }} />
            </span>
          )}
        </p>
        <p>{children}</p>
      </div>
    </section>
  );
}
