import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { AccessService } from '../../rbac/access.service.js';
import { type CatalogPrompt, CatalogReader } from '../../registry/catalog/catalog.js';

/** Finds the enabled prompt of an id or a name. */
@Injectable()
export class PromptFinder {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly access: AccessService,
  ) {}

  /**
   * By id, whoever may see it; by name among what the caller may see, so that nobody learns or blocks another's names.
   * @throws GatewayError `conflict` when the name is that of several
   */
  find(caller: Principal, idOrName: string): CatalogPrompt | undefined {
    const { prompts } = this.catalog.current.everything;
    const id = normaliseId(idOrName);
    const byId = prompts.find((prompt) => prompt.id === id);
    if (byId) return byId;
    const named = prompts.filter((prompt) => goesBy(prompt, idOrName));
    const [found, ...others] = this.access.visible(caller, 'prompts.read', named);
    if (!found || others.length === 0) return found;
    const ids = [found, ...others].map((prompt) => prompt.id).join(', ');
    throw new GatewayError('conflict', `Several prompts go by the name ${idOrName}; ask for one by its id: ${ids}`);
  }
}

/** Its name at `/mcp`; what is kept here may have had to give up its own there to an older one. */
const goesBy = ({ name, upstreamName, gateway }: CatalogPrompt, asked: string): boolean =>
  name === asked || (gateway === null && upstreamName === asked);
