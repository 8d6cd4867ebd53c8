import { ArrayMaxSize, IsArray, IsBoolean, IsObject, IsOptional, IsString, Length, MaxLength } from 'class-validator';

export class HarmfulContentDetectorSettings {
  /**
   * Regular expressions (RE2, in any case) by category, in the place of the built-in `self_harm`, `violence` and `hate`;
   * at most 50 categories of 200 expressions.
   */
  @IsOptional() @IsObject() categories: Record<string, string[]> | null = null;
  /** The categories that refuse a call. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  block_on: string[] = ['self_harm', 'violence', 'hate'];
  /** What is found of the other categories is taken out. */
  @IsOptional() @IsBoolean() redact = false;
  @IsOptional() @IsString() @MaxLength(200) redaction_text = '[REDACTED]';
}
