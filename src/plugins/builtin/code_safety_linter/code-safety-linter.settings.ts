import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, Length } from 'class-validator';

export class CodeSafetyLinterSettings {
  /** Regular expressions (RE2) that are looked for. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  blocked_patterns: string[] = [];
  /** The gateway's own rules too. */
  @IsOptional() @IsBoolean() use_default_rules = true;
}
