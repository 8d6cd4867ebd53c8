import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { LONGEST_PASSWORD } from '../longest-password.js';

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
  @Field('email')
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
  @Field('email')
  email: string;

  @IsString()
  @MinLength(8)
  @MaxLength(LONGEST_PASSWORD)
  password: string;

  @IsOptional()
  @Field('line')
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
