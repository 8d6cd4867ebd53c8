import { IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';

export class PrivacyNoticeInjectorSettings {
  @IsOptional() @IsString() @Length(1, 10_000) notice_text =
    'Privacy notice: Do not include PII, secrets, or confidential information in prompts or outputs.';
  /** At the start or the end of the first message of the user, or in a message of its own. */
  @IsOptional() @IsIn(['prepend', 'append', 'separate_message']) placement: 'prepend' | 'append' | 'separate_message' =
    'append';
  /** Stands before the notice. */
  @IsOptional() @IsString() @MaxLength(200) marker = '[PRIVACY]';
}
