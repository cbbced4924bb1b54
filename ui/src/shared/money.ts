const dollars = (digits: number) =>
  new Intl.NumberFormat(undefined, {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
const whole = dollars(2);
const fine = dollars(4);

/** An amount of US dollars, as the API writes it; small ones to a hundredth of a cent. */
export function money(usd: string | number): string {
  const amount = Number(usd);
  return (Math.abs(amount) < 1 ? fine : whole).format(amount);
}
