import { isJsonObject, type JsonObject } from '../json-rpc.js';

/** The lists whose changes are told, and how: the member of a `SubscriptionFilter` and the notification. */
export const LIST_NOTICES = {
  tools: { filter: 'toolsListChanged', method: 'notifications/tools/list_changed' },
  prompts: { filter: 'promptsListChanged', method: 'notifications/prompts/list_changed' },
  resources: { filter: 'resourcesListChanged', method: 'notifications/resources/list_changed' },
} as const;
export type NoticedList = keyof typeof LIST_NOTICES;
export const NOTICED_LISTS = Object.keys(LIST_NOTICES) as readonly NoticedList[];

export const RESOURCE_UPDATED = 'notifications/resources/updated';
export const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/** What a `subscriptions/listen` asks for (2026-07-28). */
export interface ListenFilter {
  readonly toolsListChanged?: true;
  readonly promptsListChanged?: true;
  readonly resourcesListChanged?: true;
  readonly resourceSubscriptions?: readonly string[];
  /** With the tasks extension: whose status is told. */
  readonly taskIds?: readonly string[];
}

/** The lists whose changes a server with these capabilities tells by itself. */
export const noticedLists = (capabilities: JsonObject): NoticedList[] =>
  NOTICED_LISTS.filter((list) => says(capabilities[list], 'listChanged'));

/** Whether it takes subscriptions to single resources. */
export const takesSubscriptions = (capabilities: JsonObject): boolean => says(capabilities['resources'], 'subscribe');

const says = (capability: unknown, member: string): boolean => isJsonObject(capability) && capability[member] === true;
