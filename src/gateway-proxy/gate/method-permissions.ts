import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PermissionCatalog } from '../../rbac/catalog/permission-catalog.js';
import { LISTS } from './list-pages.js';
import { FORWARDED } from './targets.js';

/** Tells the catalogue what MCP methods ask for. */
@Injectable()
export class MethodPermissions implements OnModuleInit {
  constructor(private readonly catalog: PermissionCatalog) {}

  onModuleInit(): void {
    this.catalog.add([...LISTS.values()].map(({ permission }) => permission));
    this.catalog.add([...FORWARDED.values()].flatMap(({ permissions }) => permissions));
  }
}
