import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class JsonRepairSettings {
  /** Characters of a text; a longer one stays as it is. Nothing but quotes takes the library more than quadratic time. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000) max_length = 100_000;
}
