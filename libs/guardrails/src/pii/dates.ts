const YEAR = '(?:19|20)\\d\\d';
const MONTH = '(?:0?[1-9]|1[0-2])';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const DATE = `(?:${YEAR}([-/. ])${MONTH}\\1${DAY}|${DAY}([-/.])${DAY}\\2(?:${YEAR}|\\d\\d)|${YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01]))`;
const TIME = '(?:[T ]{1,2}\\d{1,2}:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?: ?[+-]\\d\\d:?\\d\\d)?)?';

/** Begins with a date in figures. */
export const STARTS_WITH_DATE = new RegExp(`^${DATE}(?!\\d)`);
/** A date or a date with a time, and no other digits. */
export const MOMENT = new RegExp(`^\\D*${DATE}${TIME}\\D*$`);
