/** An identifier of one to six digits among a few letters. */
export interface ShortIdRule {
  readonly rule: string;
  readonly type: string;
  /** Whatever the case; what stands beside it is looked at by the finder. */
  readonly pattern: RegExp;
  /** Which of `SHORT_ID_WORDS` tell of it. */
  readonly topic: keyof typeof SHORT_ID_WORDS;
  /** The way of writing that no word is needed with, in capitals; missing where there is none. */
  readonly distinct?: RegExp;
  /** Whether even a text that is nothing else needs a word: in its label. */
  readonly needsWord?: true;
}

/** What stands near them, in the notation of `words.rules.ts`. */
export const SHORT_ID_WORDS = {
  postcode: 'postcode|postcodes|post code|post codes|postal code|zip|address|addresses|addr',
  plate:
    'plate|plates|number plate*|numberplate*|registration|reg|vrm|vrn|vehicle|vehicles|car|cars|motorcycle|motorbike|bike|kennzeichen|kfz|nummernschild|fahrzeug*|auto|plaka*|araç*|plaque|immatriculation|véhicule|voiture|matrícula|matricula|targa|kenteken|registreringsnummer|rejestrac*|госномер',
  register: 'amtsgericht|handelsregister*|registergericht|registernummer|commercial register|company register',
};

/** Royal Mail's 124 areas; districts have a letter in the third or fourth place in parts of London and two cities. */
const AREA =
  'A[BL]|B[ABDFHLNRSTX]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE';
/** States and union territories of India, the former codes too. */
const INDIA = 'A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKP]|WB';
const MONTH = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
/** Letters on plates of Turkey, of France, and of Spain. */
const [TURKISH, FRENCH, SPANISH] = ['[A-PR-VYZ]', '[A-HJ-NP-TV-Z]', '[BCDFGHJ-NPRSTV-Z]'];

const vehicle = (rule: string, pattern: string, more: Partial<ShortIdRule> = {}): ShortIdRule => ({
  rule: `${rule}_vehicle`,
  type: 'vehicle_registration',
  pattern: new RegExp(pattern, 'gi'),
  topic: 'plate',
  ...more,
});

/** Postcodes, vehicle registrations and numbers of registers; where two fit, the first counts. */
export const SHORT_ID_RULES: readonly ShortIdRule[] = [
  {
    rule: 'uk_postcode',
    type: 'postcode',
    pattern: new RegExp(`(?:${AREA})\\d(?:\\d|[A-HJKMNPR-Y])? ?\\d[ABD-HJLNP-UW-Z]{2}`, 'gi'),
    topic: 'postcode',
    // Sizes and ordinals have the form of an inward code: `M1 8GB`, `E1 2ND`.
    distinct: /^\S+ \d(?!GB|PB|TB|ND|RD|ST|TH)..$/,
  },
  // Since 2001; since 1983; since 1963. Those of one digit look like many a name: `A4 PDF`, `FIG 1A`.
  vehicle('uk', '[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\\d|5[1-9]|[67]\\d)[ -]?[A-HJ-PR-Z]{3}'),
  vehicle('uk_prefix', '[A-HJ-NPR-TV-Y](?:\\d{3}|\\d{2,3}[ -])[A-HJ-PR-Z]{3}'),
  vehicle('uk_suffix', '[A-HJ-PR-Z]{3}(?:\\d{3}|[ -]\\d{2,3})[A-HJ-NPR-TV-Y]'),
  vehicle('in', `(?:${INDIA})[ -]?\\d{1,2}[ -]?[A-Z]{1,3}[ -]?\\d{4}|\\d\\d[ -]?BH[ -]?\\d{4}[ -]?[A-HJ-NP-Z]{1,2}`, {
    distinct: /^[A-Z]{2}([ -]?)\d\d\1[A-Z]{2}\1\d{4}$/,
  }),
  // The 81 provinces; fewer digits than now where the groups stand apart.
  vehicle(
    'tr',
    `(?:0[1-9]|[1-7]\\d|8[01])(?! ?(?:${MONTH}))(?: ${TURKISH}{1,3} \\d{2,5}| ?(?:${TURKISH} ?\\d{4,5}|${TURKISH}{2} ?\\d{3,4}|${TURKISH}{3} ?\\d{2,4}))`,
  ),
  // Since 2011, and before.
  vehicle('ng', '[A-Z]{3}[ -]?\\d{3}[ -]?[A-Z]{2}|[A-Z]{2}[ -]?\\d{3}[ -][A-Z]{3}'),
  vehicle('fr', `${FRENCH}{2}-\\d{3}-${FRENCH}{2}`),
  vehicle('es', `\\d{4}[ -]?${SPANISH}{3}`, { needsWord: true }),
  vehicle('de', '[A-ZÄÖÜ]{1,3}[ -](?!(?:AM|AT|BY|IN|IS|NO|OF|ON|OR|PM|TO|VS)\\b)[A-Z]{1,2}[ -]?[1-9]\\d{1,3}[EH]?'),
  {
    rule: 'de_handelsregister',
    type: 'national_id',
    pattern: /HR[AB][ -]?\d{1,6}/gi,
    topic: 'register',
    // Less may be a hardness or the year of an act.
    distinct: /^HR[AB] (?!(?:19|20)\d\d$)\d{4,6}$/,
  },
];
