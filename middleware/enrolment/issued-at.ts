import type { X509Certificate } from 'node:crypto';

const day = 86_400_000;

/** Certificates begin a day before they are issued: a terminal's clock may be a little slow. Whole seconds, as X.509 has them. */
export function beginsAt(issued: Date): Date {
  return new Date(Math.floor((issued.getTime() - day) / 1000) * 1000);
}

/** When this middleware issued it, to the second. */
export function issuedAt({ validFrom }: X509Certificate): Date {
  return new Date(new Date(validFrom).getTime() + day);
}
