import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';
import { SignedIn } from '../../http/route-policy.js';
import { ApiDescription } from './api-description.js';
import { DOCS_PAGE, DOCS_POLICY, START_SCRIPT } from './docs-page.js';
import { PageAnswer } from './page-answer.js';

const { resolve } = createRequire(import.meta.url);
const SCRIPT = 'text/javascript; charset=utf-8';
/** The files of Swagger UI that the page asks for, and no others. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', SCRIPT],
  ['favicon-32x32.png', 'image/png'],
]);
/** They change with a release only; still nobody's shared cache keeps what is asked for with a credential. */
const KEPT = 'private, max-age=86400';

/** The description of the REST API, for programs and as a page, for whoever may call at all. */
@ApiExcludeController()
@Controller()
export class DocsController {
  constructor(private readonly description: ApiDescription) {}

  @Get('openapi.json')
  @SignedIn({ documentation: true })
  openapi(): Answer {
    return new BytesAnswer(200, this.description.json);
  }

  @Get('docs')
  @SignedIn({ documentation: true })
  page(): Answer {
    return new PageAnswer(Buffer.from(DOCS_PAGE), {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': DOCS_POLICY,
    });
  }

  @Get('docs/assets/:name')
  @SignedIn({ documentation: true })
  async asset(@Param('name') name: string): Promise<Answer> {
    if (name === 'start.js') return part(Buffer.from(START_SCRIPT), SCRIPT);
    const type = FILES.get(name);
    if (type === undefined) throw new GatewayError('not_found');
    return part(await readFile(resolve(`swagger-ui-dist/${name}`)), type);
  }
}

const part = (body: Buffer, type: string): Answer =>
  new PageAnswer(body, { 'Content-Type': type, 'Cache-Control': KEPT });
