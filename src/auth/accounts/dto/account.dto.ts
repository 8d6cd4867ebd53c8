import { PartialType } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { OffsetPageDto } from '../../../http/offset-page.dto.js';
import { toBoolean } from '../../../http/to-boolean.js';
import { UserDto } from '../../login/dto/login.dto.js';
import { LONGEST_PASSWORD } from '../../passwords/longest-password.js';

class AccountFieldsDto {
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_PASSWORD)
  password: string;

  @IsOptional()
  @Field('line')
  full_name?: string | null;

  /** Whether it may administer everything. */
  @IsOptional()
  @IsBoolean()
  is_admin?: boolean | null;

  /** Whether it may sign in, and its tokens work. */
  @IsOptional()
  @IsBoolean()
  is_active?: boolean | null;

  /** Whether the password must be changed before the next sign-in; true when left out where a password is given. */
  @IsOptional()
  @IsBoolean()
  password_change_required?: boolean | null;
}

export class CreateAccountDto extends AccountFieldsDto {
  @Field('email')
  email: string;
}

/** Only what is given changes. */
export class ChangeAccountDto extends PartialType(AccountFieldsDto) {
  @IsOptional()
  @IsBoolean()
  email_verified?: boolean | null;
}

export class ListAccountsDto extends OffsetPageDto {
  /** Part of the e-mail or of the full name. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  search?: string;

  @IsOptional()
  @Transform(toBoolean)
  @IsBoolean()
  is_active?: boolean;

  @IsOptional()
  @Transform(toBoolean)
  @IsBoolean()
  is_admin?: boolean;
}

export class AccountListDto {
  users: UserDto[];
  total_count: number;
  limit: number;
  offset: number;
}
