import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { VISIBILITIES, type Visibility } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { toBoolean } from '../../../http/to-boolean.js';

/** Of one page. */
export const MOST_ROWS = 500;

export class ListQueryDto {
  /** `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  cursor?: string;

  /** Rows of one page, 1 to 500; 0 for the most that there may be, PAGINATION_DEFAULT_PAGE_SIZE when left out. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MOST_ROWS)
  limit?: number;

  /** Show disabled rows too. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  include_inactive: boolean = false;

  /** Answer an object with `nextCursor` instead of a bare array. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  include_pagination: boolean = false;

  /** Separated by commas; rows with at least one of them. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  tags?: string;

  @IsOptional()
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  @IsOptional()
  @Field('id')
  team_id?: string;

  /** Only what this upstream offers; of virtual servers those that offer something of it. */
  @IsOptional()
  @Field('id')
  gateway_id?: string;
}
