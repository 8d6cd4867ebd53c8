import { IsBoolean, IsOptional } from 'class-validator';

export class AiArtifactsNormalizerSettings {
  @IsOptional() @IsBoolean() replace_smart_quotes = true;
  @IsOptional() @IsBoolean() replace_ligatures = true;
  /** Also the other characters that have no shape. */
  @IsOptional() @IsBoolean() remove_bidi_controls = true;
  /** Several spaces within a line become one; indentation stays. */
  @IsOptional() @IsBoolean() collapse_spacing = true;
  @IsOptional() @IsBoolean() normalize_dashes = true;
  @IsOptional() @IsBoolean() normalize_ellipsis = true;
}
