import { IsOptional, IsString, MaxLength } from 'class-validator';

export class BeginSsoDto {
  /** Where the browser goes afterwards: a path of the gateway, or a URL of APP_DOMAIN or ALLOWED_ORIGINS. */
  @IsOptional()
  @IsString()
  @MaxLength(2048)
  redirect_uri?: string;

  /** Fewer scopes than usual, with blanks between them. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  scopes?: string;
}

export class BegunSsoDto {
  /** Where the browser goes now. */
  authorization_url: string;
  state: string;
}

export class OfferedProviderDto {
  id: string;
  name: string;
  display_name: string;
}

export class SsoLogoutDto {
  message: string;
  /** The `jti` of the token that was sent. */
  revoked_token: string;
  /** Where the browser goes to sign out at the provider too; null where that can’t be. */
  logout_url: string | null;
}

export class LogoutTokenDto {
  @IsString()
  @MaxLength(16_384)
  logout_token: string;
}
