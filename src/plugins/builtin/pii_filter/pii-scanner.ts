import {
  type Detector,
  type Finding,
  type LocatedFinding,
  mask,
  type MaskStrategy,
  type Pattern,
  PiiDetector,
  type PiiOptions,
} from '#libs/guardrails';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import type { PiiFilterSettings } from './pii-filter.settings.js';

interface CustomPattern {
  readonly type: string;
  readonly pattern: Pattern;
  readonly strategy: MaskStrategy;
  /** By which its findings are known. */
  readonly rule: string;
}

/** What hashing and tokenizing have left behind. */
const [HASH, TOKEN] = [/\[HASH:[0-9a-f]{8}\]/, /\[TOKEN:[0-9a-f]{8}\]/];
const [HASH_LENGTH, TOKEN_LENGTH] = [15, 16];

/** Personal data by form, and by an operator's patterns, less what his whitelist knows and what was masked before. */
export class PiiScanner implements Detector {
  readonly #builtIn: Detector;
  readonly #custom: readonly CustomPattern[];
  readonly #strategies: ReadonlyMap<string, MaskStrategy>;
  readonly #whitelist: readonly Pattern[];

  /** @throws PluginConfigError */
  constructor(private readonly settings: PiiFilterSettings) {
    this.#builtIn = new PiiDetector(optionsOf(settings));
    this.#custom = configuredList(settings.custom_patterns, (custom, index) => ({
      type: custom.type,
      pattern: configuredPattern(custom.pattern, `custom_patterns[${index}].pattern`, ['i']),
      strategy: custom.mask_strategy,
      rule: `custom_patterns[${index}]`,
    })).filter((_, index) => settings.custom_patterns[index]?.enabled);
    this.#strategies = new Map(this.#custom.map(({ rule, strategy }) => [rule, strategy]));
    this.#whitelist = configuredList(settings.whitelist_patterns, (pattern, index) =>
      configuredPattern(pattern, `whitelist_patterns[${index}]`, ['i']),
    );
  }

  find(text: string, label?: string): readonly Finding[] {
    const found = this.#builtIn.find(text, label);
    const all = this.#custom.length === 0 ? found : [...found, ...this.#findCustom(text)];
    if (all.length === 0) return all;
    return all.filter(
      ({ start, end }) => !this.#isMasked(text, start, end) && !this.#isWhitelisted(text.slice(start, end)),
    );
  }

  mask({ type, rule }: LocatedFinding, matched: string): string {
    const { default_mask_strategy, redaction_text, hash_key } = this.settings;
    return mask(matched, type, this.#strategies.get(rule) ?? default_mask_strategy, {
      redactionText: redaction_text,
      ...(hash_key !== undefined && { key: hash_key }),
    });
  }

  #findCustom(text: string): Finding[] {
    return this.#custom.flatMap(({ type, pattern, rule }) =>
      pattern.spans(text).map((span) => ({ ...span, type, score: 1, rule })),
    );
  }

  #isWhitelisted(matched: string): boolean {
    return this.#whitelist.some((pattern) => pattern.test(matched));
  }

  /** Whether it lies within what masking has put there: masking again changes nothing. */
  #isMasked(text: string, start: number, end: number): boolean {
    const { redaction_text } = this.settings;
    return (
      around(text, start, end, redaction_text.length).includes(redaction_text) ||
      HASH.test(around(text, start, end, HASH_LENGTH)) ||
      TOKEN.test(around(text, start, end, TOKEN_LENGTH))
    );
  }
}

/** The text in which all of so many characters lie that hold the span. */
const around = (text: string, start: number, end: number, length: number): string =>
  end - start > length ? '' : text.slice(Math.max(0, end - length), start + length);

const optionsOf = (settings: PiiFilterSettings): PiiOptions => ({
  detectSsn: settings.detect_ssn,
  detectBsn: settings.detect_bsn,
  detectCreditCard: settings.detect_credit_card,
  detectEmail: settings.detect_email,
  detectPhone: settings.detect_phone,
  detectIpAddress: settings.detect_ip_address,
  detectDateOfBirth: settings.detect_date_of_birth,
  detectPassport: settings.detect_passport,
  detectDriverLicense: settings.detect_driver_license,
  detectBankAccount: settings.detect_bank_account,
  detectMedicalRecord: settings.detect_medical_record,
  detectAwsKeys: settings.detect_aws_keys,
  detectApiKeys: settings.detect_api_keys,
  detectNationalId: settings.detect_national_id,
  detectCryptoAddress: settings.detect_crypto_address,
  detectMacAddress: settings.detect_mac_address,
  detectVehicleRegistration: settings.detect_vehicle_registration,
  detectPostcode: settings.detect_postcode,
  detectUrl: settings.detect_url,
});
