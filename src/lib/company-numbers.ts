/** The numbers that name companies and their accounts, and whether they can be right: each carries its own check. */

/** Luhn (ISO/IEC 7812-1, annex B): every second digit from the right is doubled, and the digits add up to tens. */
function luhnHolds(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].toReversed().entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Nine digits that INSEE can have given to a company. */
export const isSiren = (text: string): boolean => /^\d{9}$/.test(text) && luhnHolds(text);

/** Fourteen digits of an establishment. La Poste has more of them than Luhn leaves: theirs add up to fives. */
export function isSiret(text: string): boolean {
  if (!/^\d{14}$/.test(text) || !isSiren(text.slice(0, 9))) return false;
  if (luhnHolds(text)) return true;
  return text.startsWith('356000000') && [...text].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0;
}

/** True for a French VAT number, `FR` with a key and a SIREN; false for those of other countries too. */
export function isFrenchVatNumber(text: string): boolean {
  const [, key = '', siren = ''] = /^FR([0-9A-Z]{2})(\d{9})$/.exec(text) ?? [];
  if (!isSiren(siren)) return false;
  // Keys with letters follow another rule, which is not published in full.
  return !/^\d\d$/.test(key) || Number(key) === (12 + 3 * (Number(siren) % 97)) % 97;
}

/** ISO 13616 without spaces: country, check digits, account; the whole leaves 1 when divided by 97. */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const digits = [...text.slice(4), ...text.slice(0, 4)].map((character) => Number.parseInt(character, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}

/** Without the spaces and dots that people and programs put into such numbers, in capitals. */
export const compactNumber = (text: string): string => text.replace(/[\s.]/gu, '').toUpperCase();
