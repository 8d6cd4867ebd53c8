/** Check digits of identifiers the libraries do not know. Every function takes the identifier without separators. */

const digit = (text: string, index: number): number => text.charCodeAt(index) - 48;

/** The weighted sum of the leading digits. */
const weigh = (text: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * digit(text, index), 0);

/** ISO/IEC 7812-1 annex B: payment cards and many national numbers. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = digit(digits, digits.length - 1 - index) * (1 + (index % 2));
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Year (two or four digits), month and day that a calendar has. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0 || year === 0);
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
}

/** ABA routing transit number: prefix of a Federal Reserve district, weights 3-7-1. */
export const abaRouting = (id: string): boolean =>
  /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/.test(id) && weigh(id, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0;

/** Australian Medicare card: the ninth digit checks the first eight. */
export const auMedicare = (id: string): boolean =>
  /^[2-6]\d{9,10}$/.test(id) && weigh(id, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digit(id, 8);

/** NHS number of England, Wales and the Isle of Man: modulus 11. */
export const ukNhs = (id: string): boolean =>
  /^\d{10}$/.test(id) && !/^(\d)\1+$/.test(id) && weigh(id, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0;

/** US National Provider Identifier: Luhn behind the prefix 80840. */
export const usNpi = (id: string): boolean => /^[12]\d{9}$/.test(id) && !/^\d(\d)\1+\d$/.test(id) && luhn(`80840${id}`);

/** US Drug Enforcement Administration registration. */
export const usDea = (id: string): boolean => {
  const digits = id.slice(2);
  return (weigh(digits, [1, 0, 1, 0, 1]) + 2 * weigh(digits, [0, 1, 0, 1, 0, 1])) % 10 === digit(digits, 6);
};

/** German health insurance number: the letter counts as its two-digit place in the alphabet, weights 1-2. */
export const deHealthInsurance = (id: string): boolean => {
  const digits = `${String(id.charCodeAt(0) - 64).padStart(2, '0')}${id.slice(1)}`;
  let sum = 0;
  for (let index = 0; index < 10; index += 1) {
    const value = digit(digits, index) * (1 + (index % 2));
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === digit(id, 9);
};

/** ICAO Doc 9303 check digit (weights 7-3-1) in the last place: German passport and identity card. */
export const icao9303 = (id: string): boolean => {
  let sum = 0;
  for (let index = 0; index < id.length - 1; index += 1) sum += Number.parseInt(id[index]!, 36) * [7, 3, 1][index % 3]!;
  return sum % 10 === digit(id, id.length - 1);
};

/** German physician number: weights 4-9, complement to ten. */
export const deLanr = (id: string): boolean => (10 - (weigh(id, [4, 9, 4, 9, 4, 9]) % 10)) % 10 === digit(id, 6);

/** Finnish personal identity code, all century signs since 2023. */
export const fiHetu = (id: string): boolean =>
  isDate(Number(id.slice(4, 6)), Number(id.slice(2, 4)), Number(id.slice(0, 2))) &&
  '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(id.slice(0, 6) + id.slice(7, 10)) % 31] === id[10];

/** Swedish personal number, ten or twelve digits; co-ordination numbers have 60 added to the day. */
export const sePersonnummer = (id: string): boolean => {
  const ten = id.slice(-10);
  const day = Number(ten.slice(4, 6));
  return (
    (id.length === 10 || /^(?:18|19|20)/.test(id)) &&
    isDate(Number(id.slice(0, -8)), Number(ten.slice(2, 4)), day > 60 ? day - 60 : day) &&
    luhn(ten)
  );
};

/** Swedish organisation number: the third digit is at least 2, Luhn. */
export const seOrganisation = (id: string): boolean => /^\d{2}[2-9]\d{7}$/.test(id) && luhn(id);

/** South Korean resident and foreigner numbers: date, century and sex digit, and (before October 2020) a check digit. */
export const krResident = (id: string): boolean =>
  isDate(Number(id.slice(0, 2)), Number(id.slice(2, 4)), Number(id.slice(4, 6))) &&
  /^[1-8]$/.test(id[6]!) &&
  ((/^[5-8]$/.test(id[6]!) ? 13 : 11) - (weigh(id, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === digit(id, 12);

/** South African identity number: date, citizenship 0 to 2, Luhn. */
export const zaIdentity = (id: string): boolean =>
  isDate(Number(id.slice(0, 2)), Number(id.slice(2, 4)), Number(id.slice(4, 6))) && /^[0-2]$/.test(id[10]!) && luhn(id);

/** Singapore NRIC and FIN. */
export const sgNric = (id: string): boolean => {
  const prefix = id[0]!;
  const offset = prefix === 'T' || prefix === 'G' ? 4 : prefix === 'M' ? 3 : 0;
  const rest = (weigh(id.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  const letters = prefix === 'M' ? 'XWUTRQPNJLK' : prefix === 'F' || prefix === 'G' ? 'XWUTRQPNMLK' : 'JZIHGFEDCBA';
  return letters[prefix === 'M' ? 10 - rest : rest] === id[8];
};

/** Philippine taxpayer number: nine digits, then three of the branch. */
export const phTin = (id: string): boolean => weigh(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digit(id, 8);

/** Dutch citizen service number, eight or nine digits: the eleven test. */
export const nlBsn = (id: string): boolean => {
  const nine = id.padStart(9, '0');
  return !/^0{2}|^(\d)\1+$/.test(nine) && weigh(nine, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
};
