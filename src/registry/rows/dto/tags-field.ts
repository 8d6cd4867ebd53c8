import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { MOST_TAGS, normaliseTags } from '../tags.js';

const toTags = ({ value }: TransformFnParams): unknown => (Array.isArray(value) ? normaliseTags(value) : value);

/** The tags of a row, in the form in which they are stored; what is no tag is dropped. */
export const Tags = (): PropertyDecorator =>
  applyDecorators(Transform(toTags), IsArray(), ArrayMaxSize(MOST_TAGS), Field('tag', { each: true }));
