import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  ValidateNested,
} from 'class-validator';
import type { Hook } from '../../hooks.js';

const LONGEST_PATH = 4096;

/** Paths of PEM files; each goes before what `PLUGINS_CLIENT_MTLS_*` says. */
export class ExternalTlsDto {
  /** The only authorities that are trusted. */
  @IsOptional() @IsString() @Length(1, LONGEST_PATH) ca_bundle?: string | null;
  @IsOptional() @IsString() @Length(1, LONGEST_PATH) client_cert?: string | null;
  @IsOptional() @IsString() @Length(1, LONGEST_PATH) client_key?: string | null;
  @IsOptional() @IsString() @Length(1, 1024) client_key_password?: string | null;
  @IsOptional() @IsBoolean() verify?: boolean | null;
  @IsOptional() @IsBoolean() check_hostname?: boolean | null;
}

/** Where the server of a plugin is. */
export class ExternalMcpDto {
  @IsIn(['STREAMABLEHTTP', 'SSE', 'STDIO']) proto: 'STREAMABLEHTTP' | 'SSE' | 'STDIO';
  /** Of STREAMABLEHTTP its endpoint, of SSE its event stream. */
  @IsOptional()
  @IsString()
  @Length(1, 2048)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_fragments: false })
  url?: string | null;
  /** Sent with every request, such as a credential. */
  @IsOptional() @IsObject() headers?: Record<string, string> | null;
  /** Of STDIO: a file that ends in .py or .sh. */
  @IsOptional() @IsString() @Length(1, LONGEST_PATH) script?: string | null;
  /** Of STDIO: the program with its first arguments; with a script, what runs it. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, LONGEST_PATH, { each: true })
  cmd?: string[] | null;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(0, LONGEST_PATH, { each: true })
  args?: string[] | null;
  /** All of the environment that the process gets beside a PATH. */
  @IsOptional() @IsObject() env?: Record<string, string> | null;
  /** Where a script that is no absolute path is. Processes run where STDIO_WORKING_DIRECTORY says. */
  @IsOptional() @IsString() @Length(1, LONGEST_PATH) cwd?: string | null;
  @IsOptional() @ValidateNested() @Type(() => ExternalTlsDto) tls?: ExternalTlsDto | null;
}

/** What an entry has in the place of a `config`: that is the server's affair. */
export class ExternalSettings {
  @IsDefined() @ValidateNested() @Type(() => ExternalMcpDto) mcp: ExternalMcpDto;
  /** Those of the entry; without them the server's configuration counts. */
  @IsOptional() @IsArray() hooks?: Hook[];
}
