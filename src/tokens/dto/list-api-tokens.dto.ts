import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class ListApiTokensDto {
  /** Also those that are revoked or switched off. */
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  include_inactive = false;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset = 0;
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
