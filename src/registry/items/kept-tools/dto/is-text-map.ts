import { ValidateBy } from 'class-validator';
import { isJsonObject } from '#libs/mcp';

export interface TextMapLimits {
  readonly most: number;
  /** Longest value, characters. */
  readonly longest: number;
}

/** An object whose members are all text. What the names and values mean is judged where they are used. */
export const IsTextMap = ({ most, longest }: TextMapLimits): PropertyDecorator =>
  ValidateBy({
    name: 'isTextMap',
    validator: {
      validate: (value: unknown) =>
        isJsonObject(value) &&
        Object.keys(value).length <= most &&
        Object.entries(value).every(
          ([key, text]) => key.length <= 128 && typeof text === 'string' && text.length <= longest,
        ),
      defaultMessage: () =>
        `$property must be an object of at most ${most} texts of ${longest} characters at most, by names of 128 at most`,
    },
  });
