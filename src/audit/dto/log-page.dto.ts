import { Type } from 'class-transformer';
import { IsDate, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

/** Which rows of a log are wanted, newest first. */
export class LogPageDto {
  /** ISO 8601; only rows from then on. */
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'since must be an ISO 8601 time' })
  since?: Date;

  /** ISO 8601; only rows from before. */
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'until must be an ISO 8601 time' })
  until?: Date;

  /** The `id` of the last row of the page before. */
  @IsOptional()
  @Matches(/^[0-9a-f]{32}$/, { message: 'cursor must be the id of a row' })
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit = 50;
}
