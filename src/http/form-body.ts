import { SetMetadata } from '@nestjs/common';

const FORM_BODY = 'portcullis:form-body';

/** The route takes `application/x-www-form-urlencoded` in place of JSON, because a standard says so. */
export const FormBody = (): MethodDecorator => SetMetadata(FORM_BODY, true);

export const takesForm = (handler: object): boolean => Reflect.getMetadata(FORM_BODY, handler) === true;

/** The members of a form; undefined when one is there twice. */
export function formIn(body: Buffer): Readonly<Record<string, string>> | undefined {
  const pairs = [...new URLSearchParams(body.toString('utf8'))];
  const form = new Map(pairs);
  return form.size === pairs.length ? Object.fromEntries(form) : undefined;
}
