/**
 * Whether eleven digits carry a right check number: 97 minus the first nine digits modulo 97, with a 2 put before them
 * for people born from 2000 on. The number does not say its century, so either may fit.
 */
export function isNationalNumber(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false;
  const nine = Number(digits.slice(0, 9));
  const check = Number(digits.slice(9));
  return check === checkNumber(nine) || check === checkNumber(2_000_000_000 + nine);
}

function checkNumber(body: number): number {
  return 97 - (body % 97);
}
