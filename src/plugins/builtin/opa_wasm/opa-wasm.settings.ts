import { IsInt, IsObject, IsOptional, IsString, Length, Max, Min } from 'class-validator';

export class OpaWasmSettings {
  /** A bundle that `opa build -t wasm` made (`.tar.gz`), with its data. */
  @IsOptional() @IsString() @Length(1, 4096) bundle_file?: string;
  /** The `policy.wasm` of one, in place of a bundle. */
  @IsOptional() @IsString() @Length(1, 4096) wasm_file?: string;
  /** Of the policy, such as `portcullis/allow`: one that it was built with. */
  @IsString() @Length(1, 255) entrypoint: string;
  /** What the policy sees as `data`, over what its bundle has. */
  @IsOptional() @IsObject() data?: Record<string, unknown>;
  /** Of one evaluation, milliseconds; one that takes longer is killed. */
  @IsOptional() @IsInt() @Min(1) @Max(60_000) timeout_ms = 250;
  /** Most memory of the policy, MiB. */
  @IsOptional() @IsInt() @Min(1) @Max(1024) memory_mb = 64;
  /** Largest input, bytes; calls with more are refused. */
  @IsOptional() @IsInt() @Min(1024) @Max(67_108_864) max_input_bytes = 1_048_576;
}
