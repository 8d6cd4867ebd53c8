import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class LoginDto {
  /** The e-mail of the account. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  email?: string;

  /** Another name for `email`. */
  @IsOptional()
  @IsString()
  @MaxLength(255)
  username?: string;

  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password: string;

  /** Also put the session into cookies, for browsers. */
  @IsOptional()
  @IsBoolean()
  cookie?: boolean;
}

export class UserDto {
  email: string;
  full_name: string | null;
  is_admin: boolean;
  is_active: boolean;
  auth_provider: string;
  /** ISO 8601, UTC. */
  created_at: string;
  last_login: string | null;
  email_verified: boolean;
  password_change_required: boolean;
  /** Wrong passwords in a row. */
  failed_login_attempts: number;
  /** ISO 8601, UTC. */
  locked_until: string | null;
  is_locked: boolean;
}

export class AuthenticationDto {
  /** Send it as `Authorization: Bearer …`. */
  access_token: string;
  token_type: 'bearer';
  /** Seconds. */
  expires_in: number;
  user: UserDto;
}
