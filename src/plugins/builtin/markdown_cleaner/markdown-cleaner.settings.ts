import { IsBoolean, IsOptional } from 'class-validator';

export class MarkdownCleanerSettings {
  /** Images from elsewhere become links: to show one tells its server what stands in its address. */
  @IsOptional() @IsBoolean() strip_remote_images = true;
  @IsOptional() @IsBoolean() strip_html_comments = true;
  /** Elements that readers don't see, link titles used as comments, and characters that have no shape. */
  @IsOptional() @IsBoolean() strip_hidden_text = true;
}
