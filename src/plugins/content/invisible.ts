/** Characters that change the direction of what follows. */
export const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
/** Without a shape of their own. The two joiners have work to do within words of some scripts, and within emoji. */
const SHAPELESS =
  /[\u00AD\u034F\u115F\u1160\u180B-\u180F\u200B\u2060-\u2064\u206A-\u206F\u3164\uFEFF\uFFA0\u{E0100}-\u{E01EF}]|(?<![\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Oriya}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Mongolian}\p{Script=Khmer}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200C\u200D]|[\u200C\u200D](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;
/** Letters for machines, which spell out instructions that nobody sees; three of them end the flags of some regions. */
const TAGS = /(?<![\u{1F3F4}\u{E0020}-\u{E007E}])[\u{E0000}-\u{E007F}]+/gu;
const MAY_HAVE =
  /[\u00AD\u034F\u061C\u115F\u1160\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uDB40]/;

/** The text without what readers can't see; spaces stay. */
export const withoutInvisible = (text: string): string =>
  MAY_HAVE.test(text) ? text.replaceAll(TAGS, '').replaceAll(BIDI_CONTROLS, '').replaceAll(SHAPELESS, '') : text;
