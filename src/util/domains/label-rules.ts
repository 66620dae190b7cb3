/** Letters in lower case or without case, marks and digits (RFC 5892 section 2.1), and the exceptions that are allowed (2.6). */
const ALLOWED = /^[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u06fd\u06fe\u0f0b\u3007-]+$/u;
/** Exceptions that are not allowed (2.6), what is not seen (2.3), blocks of symbols (2.4) and parts of Hangul syllables (2.9). */
const DISALLOWED =
  /[\u0640\u07fa\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]|\u302e|\u302f|[\u20d0-\u20ff]|[\u{1d100}-\u{1d24f}]|\p{Default_Ignorable_Code_Point}/u;
/** Characters that are allowed where others stand beside them (RFC 5892 appendix A.3 to A.6). */
const WELL_PLACED =
  /(?<=l)\u00b7(?=l)|\u0375(?=\p{Script=Greek})|(?<=\p{Script=Hebrew})[\u05f3\u05f4]/gu;
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

/**
 * Whether a label as people read it keeps IDNA 2008 (RFC 5891 section 4.2.3, RFC 5892): allowed characters, each where it may stand, no
 * mark at the beginning and hyphens where they belong. Joiners of zero width are refused in every context, because nobody sees them.
 * Whether the label is in normal form and directions are sound is not looked at.
 */
export function isSoundLabel(label: string): boolean {
  if (/^\p{M}|^-|-$|^..--/u.test(label) || DISALLOWED.test(label)) return false;
  if (/[\u0660-\u0669]/.test(label) && /[\u06f0-\u06f9]/.test(label)) return false;
  const plain = label.replaceAll(WELL_PLACED, "");
  return ALLOWED.test(JAPANESE.test(label) ? plain.replaceAll("\u30fb", "") : plain);
}
