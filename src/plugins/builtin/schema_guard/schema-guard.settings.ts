import { IsBoolean, IsObject, IsOptional } from 'class-validator';

export class SchemaGuardSettings {
  /** JSON Schemas 2020-12 of arguments, by the name of the tool; `*` in a name stands for any text. */
  @IsOptional() @IsObject() arg_schemas: Readonly<Record<string, unknown>> = {};
  /** Of results: of `structuredContent`, or else of the JSON in their only text. */
  @IsOptional() @IsObject() result_schemas: Readonly<Record<string, unknown>> = {};
  /** Or else the errors are only told in the metadata. */
  @IsOptional() @IsBoolean() block_on_violation = true;
}
