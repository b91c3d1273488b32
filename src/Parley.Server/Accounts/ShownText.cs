using System.Globalization;
using System.Text;
using Parley.Protocol;

namespace Parley.Server.Accounts;

/// <summary>
/// What may stand in text that others are shown beside somebody's messages. Refused is what makes one text look like another:
/// <list type="bullet">
/// <item>control and format characters (Unicode Cc, Cf: line breaks, direction controls, zero-width), other blanks that take no ink, and what
/// no font agrees on (private use, U+FFFD: what a lone surrogate turns into);</item>
/// <item>but the joiners U+200C and U+200D are taken where they are spelling: inside an emoji, or between letters of Arabic or Indic scripts;</item>
/// <item>a word of letters of two of Latin, Greek, Cyrillic, Armenian and Cherokee, whose letters look alike (Unicode TR 39 §5). Words of
/// different scripts may stand side by side, and a whole word of another script that looks like one's own is not recognized: the name,
/// which has one alphabet only, tells people apart.</item>
/// </list>
/// </summary>
static class ShownText
{
    const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    enum Script
    {
        Other,
        Latin,
        Greek,
        Cyrillic,
        Armenian,
        Cherokee,
    }

    /// <exception cref="ParleyException"><see cref="ErrorCode.Invalid"/>.</exception>
    public static void Check(string text, string field)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var word = Script.Other;
        for (var i = 0; i < runes.Length; i++)
        {
            if (IsJoiner(runes[i].Value) ? !IsSpelling(runes, i) : IsForbidden(runes[i]))
                throw new ParleyException(ErrorCode.Invalid, $"{field}: no control characters, line breaks, direction controls or invisible characters.");
            var script = ScriptOf(runes[i]);
            if (word != Script.Other && script != Script.Other && script != word)
                throw new ParleyException(ErrorCode.Invalid, $"{field}: no word of letters of two scripts that look alike.");
            if (!IsInWord(runes[i]))
                word = Script.Other;
            else if (script != Script.Other)
                word = script;
        }
    }

    static bool IsJoiner(int rune) => rune is ZeroWidthNonJoiner or ZeroWidthJoiner;

    static bool IsSpelling(Rune[] runes, int at)
    {
        if (at == 0 || at == runes.Length - 1)
            return false;
        var (before, after) = (runes[at - 1], runes[at + 1]);
        return (IsJoining(before.Value) && IsJoining(after.Value))
            || (runes[at].Value == ZeroWidthJoiner && (IsEmoji(before) || before.Value is 0xFE0F or (>= 0x1F3FB and <= 0x1F3FF)) && IsEmoji(after));
    }

    // Of arrows that emoji are made with one is a mathematical symbol: a head that shakes.
    static bool IsEmoji(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol || rune.Value == 0x2194;

    static bool IsJoining(int rune) => rune is (>= 0x0620 and <= 0x077F) or (>= 0x08A0 and <= 0x0DFF);

    static bool IsForbidden(Rune rune) => rune.Value switch
    {
        // combining grapheme joiner, Hangul fillers, Khmer vowels without ink, empty braille, tags
        0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x17B4 or 0x17B5 or 0x2800 or (>= 0xE0000 and <= 0xE0FFF) or 0xFFFD => true,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator,
    };

    static bool IsInWord(Rune rune) => Rune.IsLetterOrDigit(rune) || IsJoiner(rune.Value)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    static Script ScriptOf(Rune rune) => !Rune.IsLetter(rune) ? Script.Other : rune.Value switch
    {
        <= 0x024F or (>= 0x1E00 and <= 0x1EFF) or (>= 0x2C60 and <= 0x2C7F) or (>= 0xA720 and <= 0xA7FF) or (>= 0xFF21 and <= 0xFF5A) => Script.Latin,
        (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF) => Script.Greek,
        (>= 0x0400 and <= 0x052F) or (>= 0x1C80 and <= 0x1C8F) or (>= 0xA640 and <= 0xA69F) => Script.Cyrillic,
        >= 0x0530 and <= 0x058F => Script.Armenian,
        (>= 0x13A0 and <= 0x13FF) or (>= 0xAB70 and <= 0xABBF) => Script.Cherokee,
        _ => Script.Other,
    };
}
