import { ArrayMaxSize, IsArray, IsInt, IsOptional, IsString, Length, Max, Min, ValidateBy } from 'class-validator';

const MOST = 10_000;
const MOST_FIELDS = 100;

function faultIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return 'must map tools to lists of arguments';
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length > MOST) return `must not name more than ${MOST} tools`;
  const isList = (list: unknown): boolean =>
    Array.isArray(list) && list.length <= MOST_FIELDS && list.every((name) => typeof name === 'string');
  const [name] = entries.find(([, list]) => !isList(list)) ?? [];
  return name === undefined ? undefined : `has for "${name.slice(0, 100)}" what is no list of names`;
}

const AreFields = (): PropertyDecorator =>
  ValidateBy({
    name: 'areFields',
    validator: {
      validate: (value: unknown) => faultIn(value) === undefined,
      defaultMessage: (args) => faultIn(args?.value) ?? '',
    },
  });

export class CachedToolResultSettings {
  /** By the name that callers use, the upstream's, or the id. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST)
  @IsString({ each: true })
  @Length(1, 512, { each: true })
  cacheable_tools: string[] = [];
  /** How long a result is good, seconds. */
  @IsOptional() @IsInt() @Min(1) @Max(86_400) ttl = 300;
  /** By the name of a tool: the arguments that its result depends on; all of them for others. */
  @IsOptional() @AreFields() key_fields: Record<string, string[]> = {};
  /** Of all results, in this replica; what was asked for least lately goes first. */
  @IsOptional() @IsInt() @Min(1024) @Max(4_294_967_296) max_bytes = 67_108_864;
}
