import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';

const TAG = /^[\w.-]{1,64}$/;
const TAG_RULE = 'must be 1 to 64 letters, digits and _.-';

export class VaultSettings {
  /** Of the tag of a gateway that says for which system it stands: `system:github.com`. */
  @IsOptional() @Matches(TAG, { message: TAG_RULE }) system_tag_prefix = 'system';
  /** The header with the tokens of the caller, whatever its case. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,128}$/, { message: 'must be 1 to 128 letters, digits and hyphens' })
  vault_header_name = 'X-Vault-Tokens';
  /** Tokens are sent as they are. */
  @IsOptional() @IsIn(['raw']) vault_handling = 'raw' as const;
  /** `oauth2_config` is taken, and no token fits: gateways have no `token_url` here. */
  @IsOptional() @IsIn(['tag', 'oauth2_config']) system_handling: 'tag' | 'oauth2_config' = 'tag';
  /** Of the tag of a gateway that names the header for personal access tokens: `AUTH_HEADER:X-GitHub-Token`. */
  @IsOptional() @Matches(TAG, { message: TAG_RULE }) auth_header_tag_prefix = 'AUTH_HEADER';
  /** Whether only tokens are sent that name their server (`mcpServer`). */
  @IsOptional() @IsBoolean() require_binding = false;
}
