import { Catch } from '@nestjs/common';
import type { Response } from 'express';
import { ErrorFilter } from '../../http/error.filter.js';
import type { GatewayError } from '../../http/errors.js';
import { ConnectionPage } from './connection-page.js';

const SIGN_IN = [
  'Sign in to the gateway in this browser, as the user whose account is to be connected.',
  'Then load this page again, within five minutes of when you began.',
];

/** Shows a page to people, who would not know what to do with the error that everybody else gets. */
@Catch()
export class ConnectionErrorFilter extends ErrorFilter {
  protected override write(error: GatewayError, response: Response): void {
    if (!response.req.headers.accept?.includes('text/html')) return super.write(error, response);
    const lines = error.status === 401 ? SIGN_IN : [error.message];
    new ConnectionPage(error.status, 'Not connected', lines).send(response);
  }
}
