import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsOptional, IsString, Length } from 'class-validator';

export class DenyFilterSettings {
  /** What may not be said, whatever its case and however it is spelt in Unicode. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Length(1, 1000, { each: true })
  words: string[];
  /** Only where no letter or digit stands before or after it. */
  @IsOptional() @IsBoolean() whole_words = false;
}
