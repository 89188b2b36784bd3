import { useIntl } from 'react-intl';

/** `cents` as an amount of money: "€ 65,00". */
export function useEuros(): (cents: number) => string {
  const intl = useIntl();
  return (cents) => intl.formatNumber(cents / 100, { style: 'currency', currency: 'EUR' });
}
