import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { hostOf, withoutStar } from './domain-set.js';

const MOST = 100_000;
const MOST_PATTERNS = 500;

const faultIn = (value: unknown): string | undefined => {
  if (!Array.isArray(value) || value.length > MOST) return `must be a list of at most ${MOST} domains`;
  for (const domain of value as unknown[])
    if (typeof domain !== 'string' || domain.length > 300 || hostOf(withoutStar(domain)) === undefined)
      return `has ${JSON.stringify(domain)?.slice(0, 100)}, which is no domain`;
  return undefined;
};

const AreDomains = (): PropertyDecorator =>
  ValidateBy({
    name: 'areDomains',
    validator: {
      validate: (value: unknown) => faultIn(value) === undefined,
      defaultMessage: (args) => faultIn(args?.value) ?? '',
    },
  });

/** A domain stands for itself and all below it. Patterns are regular expressions (RE2), without regard to case. */
export class UrlReputationSettings {
  /** Nothing else is asked of their URLs. */
  @IsOptional() @AreDomains() whitelist_domains: string[] = [];
  /** Nothing else is asked of URLs that one of them matches; write `^https://host\.example/` to mean a host. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PATTERNS)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  allowed_patterns: string[] = [];
  @IsOptional() @AreDomains() blocked_domains: string[] = [];
  /** A plain text is found wherever it stands in the URL. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PATTERNS)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  blocked_patterns: string[] = [];
  /** Whether hosts are looked at for signs of phishing. */
  @IsOptional() @IsBoolean() use_heuristic_check = false;
  /** Most bits a character that a registered name of ten characters or more may have. */
  @IsOptional() @IsNumber() @Min(0) @Max(8) entropy_threshold = 3.65;
  /** Of what is fetched, not of what is only mentioned. */
  @IsOptional() @IsBoolean() block_non_secure_http = true;
}
