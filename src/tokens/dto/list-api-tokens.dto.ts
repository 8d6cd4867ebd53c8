import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { OffsetPageDto } from '../../http/offset-page.dto.js';
import { toBoolean } from '../../http/to-boolean.js';

export class ListApiTokensDto extends OffsetPageDto {
  /** Also those that are revoked or switched off. */
  @Transform(toBoolean)
  @IsBoolean()
  include_inactive = false;
}

export class OverseeApiTokensDto extends ListApiTokensDto {
  /** Only tokens of this user. */
  @IsOptional()
  @IsString()
  @MaxLength(191)
  user_email?: string;

  /** Only tokens of this team. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string;
}
