import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ResourceContentPart } from '../resource-content.entity.js';

/** Bytes of one part; as base64 they fit the smallest long text of the engines. */
const PART = 45_000;
/** Parts of one statement: far below what servers take in one packet. */
const AT_ONCE = 10;

/** The contents of the resources that the gateway keeps, in parts. */
@Injectable()
export class ResourceContents {
  constructor(private readonly dataSource: DataSource) {}

  /** Empty for a resource without one. */
  async read(resourceId: string): Promise<Buffer> {
    const parts = await this.dataSource.manager.find(ResourceContentPart, {
      where: { resourceId },
      order: { part: 'ASC' },
    });
    return Buffer.concat(parts.map(({ content }) => Buffer.from(content, 'base64')));
  }

  /** @param manager of the unit that writes the resource too */
  async replace(manager: EntityManager, resourceId: string, bytes: Buffer): Promise<void> {
    await manager.delete(ResourceContentPart, { resourceId });
    const parts = Array.from({ length: Math.ceil(bytes.length / PART) }, (_, part) => ({
      resourceId,
      part,
      content: bytes.subarray(part * PART, (part + 1) * PART).toString('base64'),
    }));
    for (let from = 0; from < parts.length; from += AT_ONCE)
      await manager.insert(ResourceContentPart, parts.slice(from, from + AT_ONCE));
  }
}
