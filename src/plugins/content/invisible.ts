/** Characters that change the direction of what follows. */
export const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
const EACH_IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;

interface AtWork {
  readonly sign: RegExp;
  readonly after: RegExp;
  readonly before?: RegExp;
}

/** Where signs without a shape make a difference that readers see. */
const AT_WORK: readonly AtWork[] = [
  // How an emoji is drawn.
  { sign: /[\uFE0E\uFE0F]/, after: /\p{Emoji}$/u },
  // Emoji made of several, and words of scripts whose letters join.
  {
    sign: /\p{Join_Control}/u,
    after:
      /(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]|(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\p{L}\p{M}])$/u,
    before: /^(?:\p{Extended_Pictographic}|(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\p{L}\p{M}])/u,
  },
  // Flags of regions.
  { sign: /[\u{E0020}-\u{E007F}]/u, after: /\u{1F3F4}[\u{E0020}-\u{E007E}]{0,6}$/u },
  { sign: /[\u180B-\u180F]/u, after: /\p{Script=Mongolian}$/u },
];
/** UTF-16 units: the longest that is looked at on each side. */
const NEAR = 16;

/** The text without what readers can't see; spaces stay. */
export const withoutInvisible = (text: string): string =>
  IGNORABLE.test(text)
    ? text.replaceAll(EACH_IGNORABLE, (sign, at: number) => (isAtWork(sign, text, at) ? sign : ''))
    : text;

function isAtWork(sign: string, text: string, at: number): boolean {
  const kind = AT_WORK.find((work) => work.sign.test(sign));
  if (!kind?.after.test(text.slice(Math.max(0, at - NEAR), at))) return false;
  return kind.before?.test(text.slice(at + sign.length, at + sign.length + NEAR)) ?? true;
}
