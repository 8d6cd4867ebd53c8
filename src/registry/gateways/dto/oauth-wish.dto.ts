import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, Matches, MaxLength, MinLength } from 'class-validator';
import {
  CLIENT_AUTH_METHODS,
  type ClientAuthMethod,
  GRANT_TYPES,
  type GrantType,
  type OauthWish,
} from '../oauth-config.js';

/** RFC 6749 section 3.3 and appendix A. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,255}$/;
const VISIBLE = /^[\x20-\x7e]+$/;
const ASCII = { message: '$property must be printable ASCII' };
const HTTP_URL = /^https?:\/\/[^\s#]+$/;
const URL_RULE = { message: '$property must be an http or https URL without a fragment' };

/** How the gateway gets tokens for an upstream, in the names of the OAuth RFCs. What is left out is discovered. */
export class OauthWishDto implements OauthWish {
  /** `password` is refused. */
  @IsIn([...GRANT_TYPES, 'password'])
  grant_type: GrantType | 'password';

  /** Of a client that is registered already; without one the gateway registers itself. */
  @IsOptional()
  @MinLength(1)
  @MaxLength(1024)
  @Matches(VISIBLE, ASCII)
  client_id?: string;

  /** `*****` keeps what is stored. */
  @IsOptional()
  @MinLength(1)
  @MaxLength(4096)
  @Matches(VISIBLE, ASCII)
  client_secret?: string;

  /** PKCS #8, PEM; for `private_key_jwt`. `*****` keeps what is stored. */
  @IsOptional()
  @MaxLength(8192)
  @Matches(/^[\x20-\x7e\r\n]+$/, ASCII)
  private_key?: string;

  /** The authorization server, byte for byte as its metadata says it. */
  @IsOptional()
  @MaxLength(191)
  @Matches(HTTP_URL, URL_RULE)
  issuer?: string;

  /** With `token_url`, for authorization servers without metadata. */
  @IsOptional()
  @MaxLength(2048)
  @Matches(HTTP_URL, URL_RULE)
  authorization_url?: string;

  @IsOptional()
  @MaxLength(2048)
  @Matches(HTTP_URL, URL_RULE)
  token_url?: string;

  /** Those to ask for when the upstream does not say which. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(SCOPE, { each: true, message: 'each of scopes must be a scope of RFC 6749' })
  scopes?: string[];

  /** The resource indicator (RFC 8707); what the upstream says of itself, or its URL, when left out. */
  @IsOptional()
  @MaxLength(2048)
  @Matches(HTTP_URL, URL_RULE)
  resource?: string;

  /** False for authorization servers that refuse `resource`, such as Entra ID. */
  @IsOptional()
  @IsBoolean()
  send_resource?: boolean;

  /** Of grant_type token-exchange (RFC 8693). */
  @IsOptional()
  @MaxLength(1024)
  @Matches(VISIBLE, ASCII)
  audience?: string;

  /** What the authorization server takes of ours when left out. */
  @IsOptional()
  @IsIn(CLIENT_AUTH_METHODS)
  token_endpoint_auth_method?: ClientAuthMethod;
}
