import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { FieldRules } from '#libs/fields';
import { VERSION } from './config/version.js';
import { documentedFields } from './http/fields/documented-fields.js';

/** The OpenAPI description of the REST API, made from the controllers and DTOs. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Portcullis')
    .setDescription(
      'A security gateway for the Model Context Protocol. MCP itself is spoken on /mcp, /servers/{id}/mcp and /rpc.',
    )
    .setVersion(VERSION)
    .addBearerAuth()
    .addServer('/')
    .addServer('/v1', 'The same; every path is served under both.')
    .build();
  return documentedFields(SwaggerModule.createDocument(app, config), app.get(FieldRules));
}
