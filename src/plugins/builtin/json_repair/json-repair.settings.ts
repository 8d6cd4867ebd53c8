import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class JsonRepairSettings {
  /** Characters of a text; a longer one stays as it is. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) max_length = 100_000;
}
