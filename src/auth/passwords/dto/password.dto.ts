import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { MAIL_ADDRESS } from '../../../mail/mail-address.js';
import { LONGEST_PASSWORD } from '../longest-password.js';

const NOT_AN_EMAIL = { message: 'email must be an e-mail address' };

export class ChangePasswordDto {
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_PASSWORD)
  old_password: string;

  @IsString()
  @MinLength(8)
  @MaxLength(LONGEST_PASSWORD)
  new_password: string;
}

export class ChangeRequiredPasswordDto extends ChangePasswordDto {
  @IsString()
  @MaxLength(191)
  email: string;
}

export class ForgotPasswordDto {
  @IsString()
  @MaxLength(191)
  @Matches(MAIL_ADDRESS, NOT_AN_EMAIL)
  email: string;
}

export class ResetPasswordDto {
  @IsString()
  @MinLength(8)
  @MaxLength(LONGEST_PASSWORD)
  new_password: string;

  /** The same again. */
  @IsString()
  @MaxLength(LONGEST_PASSWORD)
  confirm_password: string;
}

export class RegisterDto {
  @IsString()
  @MaxLength(191)
  @Matches(MAIL_ADDRESS, NOT_AN_EMAIL)
  email: string;

  @IsString()
  @MinLength(8)
  @MaxLength(LONGEST_PASSWORD)
  password: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  @Matches(/^\P{Cc}*$/u, { message: 'full_name must not contain control characters' })
  full_name?: string;
}

export class DoneDto {
  success: true;
  message: string;
}

export class OpenResetDto extends DoneDto {
  /** ISO 8601, UTC. */
  expires_at: string;
}
