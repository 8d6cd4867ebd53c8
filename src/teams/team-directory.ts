/** How others ask which teams there are. */
export abstract class TeamDirectory {
  /** Whether there is such a team, and it is not switched off. */
  abstract has(teamId: string): Promise<boolean>;
}
