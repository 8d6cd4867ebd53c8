import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, Matches } from 'class-validator';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;

/** Names count whatever their case. */
export class HeaderFilterSettings {
  /** Those that must not go to an upstream. */
  @IsOptional() @IsArray() @ArrayMaxSize(500) @Matches(NAME, { each: true }) filter_headers: string[] = [
    'Authorization',
    'Cookie',
    'X-Vault-Tokens',
    'X-API-Key',
    'X-Auth-Token',
    'Proxy-Authorization',
    'WWW-Authenticate',
    'Set-Cookie',
  ];
  /** Names those that were taken out in the metadata. */
  @IsOptional() @IsBoolean() log_filtered_headers = true;
  /** Those that go on all the same. */
  @IsOptional() @IsArray() @ArrayMaxSize(500) @Matches(NAME, { each: true }) allow_passthrough_headers: string[] = [];
}
