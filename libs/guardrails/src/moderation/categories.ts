/** What moderation looks for, and the score from which it acts unless the operator sets another (0 to 1). */
export const CATEGORY_THRESHOLDS = {
  hate: 0.7,
  violence: 0.8,
  sexual: 0.6,
  self_harm: 0.5,
  harassment: 0.7,
  spam: 0.8,
  profanity: 0.6,
  toxic: 0.7,
} as const;
export type Category = keyof typeof CATEGORY_THRESHOLDS;
export const CATEGORIES = Object.keys(CATEGORY_THRESHOLDS) as Category[];
