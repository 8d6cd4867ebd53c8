import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { RowWishDto } from '../../rows/dto/row-wish.dto.js';
import { TLS_VERSIONS, type TlsVersion } from '../trust/trust.js';
import type { TrustWish } from '../trust/trust-wish.js';

const LONGEST_BUNDLE = 32_768;
const LONGEST_CHAIN = 12_288;
const LONGEST_KEY = 8192;
const MOST_PINS = 8;
const PIN = /^sha256\/[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

/** How a gateway and its https upstream prove who they are. Certificates and pins go when they are empty, and everything goes with the origin of the URL. */
export class TrustWishDto extends RowWishDto implements TrustWish {
  /** PEM, up to 32 certificates: the only authorities that the upstream's certificate may come from. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_BUNDLE)
  caCertificate?: string;

  /** PEM: what the upstream is shown (mTLS), its own certificate first, then what is between it and its authority. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_CHAIN)
  clientCertificate?: string;

  /** PEM, without a password. Sealed; `*****` keeps what is stored. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_KEY)
  clientKey?: string;

  /**
   * `sha256/` and the base64 of a public key's hash (RFC 7469, section 2.4), at most 8. One has to be of the upstream's
   * certificate or of one above it; the others are backups.
   */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_PINS)
  @Matches(PIN, { each: true, message: 'each of tlsPins must be sha256/ and the base64 of 32 bytes' })
  tlsPins?: string[];

  @IsOptional()
  @IsIn(TLS_VERSIONS)
  tlsMinVersion?: TlsVersion;

  @IsOptional()
  @IsIn(TLS_VERSIONS)
  tlsMaxVersion?: TlsVersion;
}
