import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsObject, IsOptional, Matches, Max, Min } from 'class-validator';

const TAGS =
  'a p div span strong em code pre ul ol li h1 h2 h3 h4 h5 h6 blockquote img br hr table thead tbody tr th td'.split(
    ' ',
  );

export class SafeHtmlSanitizerSettings {
  /** Those that could run something are never let through, allowed or not. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @Matches(/^[a-z][a-z0-9-]{0,50}$/, { each: true })
  allowed_tags: string[] = TAGS;
  /** Lists of attributes by tag; `*` for every tag. */
  @IsOptional() @IsObject() allowed_attrs: Readonly<Record<string, unknown>> = {
    '*': ['id', 'class', 'title', 'alt'],
    a: ['href', 'rel', 'target'],
    img: ['src', 'width', 'height', 'alt', 'title'],
  };
  @IsOptional() @IsBoolean() remove_comments = true;
  /** Or else other tags that are harmless stay too. What stands in a tag that goes stays, but for scripts and styles. */
  @IsOptional() @IsBoolean() drop_unknown_tags = true;
  /** Taken and without effect: `on…` attributes always go. */
  @IsOptional() @IsBoolean() strip_event_handlers = true;
  /** Of `style` attributes that are allowed: only plain declarations stay, none that loads or covers anything. */
  @IsOptional() @IsBoolean() sanitize_css = true;
  /** `data:image/…` (PNG, JPEG, GIF, WebP) as the source of images. */
  @IsOptional() @IsBoolean() allow_data_images = false;
  @IsOptional() @IsBoolean() remove_bidi_controls = true;
  /** What is left as plain text, without any tags. */
  @IsOptional() @IsBoolean() to_text = false;
  /** Characters of one text; a longer one is refused. */
  @IsOptional() @IsInt() @Min(1) @Max(5_000_000) max_html_length = 1_000_000;
}
