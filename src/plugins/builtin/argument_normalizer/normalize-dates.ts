import type { Normalization } from './argument-normalizer.settings.js';

/** Three numbers between the same separator, one of them a year of four digits, and nothing of the kind around them. */
const DATE = /(?<![\w./:-])(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?![\w/:-]|\.\d)/g;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Dates in numbers as `YYYY-MM-DD`. What is no date of the calendar, or no full year, stays as it is. */
export function normalizeDates(
  text: string,
  { day_first, year_first }: Pick<Normalization, 'day_first' | 'year_first'>,
): string {
  return text.replaceAll(DATE, (given: string, first: string, _: string, second: string, third: string) => {
    if (first.length === 4 && third.length <= 2)
      return written(first, [second, third], year_first && day_first) ?? given;
    if (third.length === 4 && first.length <= 2) return written(third, [first, second], day_first) ?? given;
    return given;
  });
}

function written(year: string, [a, b]: readonly [string, string], dayFirst: boolean): string | undefined {
  const [month, day] = dayFirst ? [b, a] : [a, b];
  if (isDay(Number(month), Number(day))) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  // The other way round it can only mean one thing.
  if (isDay(Number(day), Number(month))) return `${year}-${day.padStart(2, '0')}-${month.padStart(2, '0')}`;
  return undefined;
}

const isDay = (month: number, day: number): boolean => day >= 1 && day <= (DAYS[month - 1] ?? 0);
