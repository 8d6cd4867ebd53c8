export class RenderedPromptDto {
  /** As MCP has them: `{role, content}`. */
  messages: object[];
  description: string | null;
}
