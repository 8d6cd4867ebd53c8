import { ArrayMaxSize, IsArray, IsObject, IsOptional, IsString, Length } from 'class-validator';

export class HeaderInjectorSettings {
  /** By their names. */
  @IsObject() headers: Readonly<Record<string, unknown>>;
  /** Of resources: how their URIs begin, up to a whole part; empty means all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  uri_prefixes: string[] = [];
}
