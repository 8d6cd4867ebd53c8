import { ArrayMaxSize, IsArray, IsBoolean, IsOptional, IsString, Length } from 'class-validator';

export class SqlSanitizerSettings {
  /** Names of the arguments, at any depth, that are SQL. Without it all texts are looked at, and SQL is told by its form. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  fields: string[] | null = null;
  /** Verbs that no statement may begin with, as `DROP` or `\bDROP\b`; anything else is a regular expression (RE2). */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  blocked_statements: string[] = ['DROP', 'TRUNCATE', 'ALTER', 'GRANT', 'REVOKE'].map(
    (verb) => String.raw`\b${verb}\b`,
  );
  @IsOptional() @IsBoolean() block_delete_without_where = true;
  @IsOptional() @IsBoolean() block_update_without_where = true;
  @IsOptional() @IsBoolean() strip_comments = true;
  /** Values written into a statement, in the place of parameters, are an issue. */
  @IsOptional() @IsBoolean() require_parameterization = false;
  /** Issues refuse the call; else they are only noted. */
  @IsOptional() @IsBoolean() block_on_violation = true;
  /** Fragments that break out of a value, stacked statements, EXEC, UNION with tables of credentials, INTO OUTFILE. */
  @IsOptional() @IsBoolean() detect_injection = true;
}
