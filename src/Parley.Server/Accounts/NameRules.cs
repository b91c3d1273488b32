using System.Buffers;
using System.Globalization;
using Parley.Protocol;

namespace Parley.Server.Accounts;

/// <summary>What may stand in a name, a display name, a device's name, a note and a password.</summary>
static class NameRules
{
    const int MinName = 3, MaxName = 32;
    const int MaxDisplayName = 64;
    // A character as people see it may be many code units; somewhere it must end.
    const int MaxDisplayNameUnits = 16 * MaxDisplayName;
    const int MinPassword = 10, MaxPassword = 256;

    public const string NameAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789._";

    static readonly SearchValues<char> InName = SearchValues.Create(NameAlphabet);

    public static string Name(string name)
    {
        if (name.Length is < MinName or > MaxName || name.AsSpan().ContainsAnyExcept(InName))
            throw new ParleyException(ErrorCode.Invalid, $"name: {MinName} to {MaxName} of a-z, 0-9, dot and underscore.");
        return name;
    }

    /// <summary>A name as somebody typed it to log in.</summary>
    public static string Typed(string name) => name.Trim().ToLowerInvariant();

    /// <summary>The beginning of a name that somebody looks for; null when no name begins so.</summary>
    public static string? FindPrefix(string typed)
    {
        var prefix = typed.Trim().TrimStart('@').ToLowerInvariant();
        return prefix.Length is 0 or > MaxName || prefix.AsSpan().ContainsAnyExcept(InName) ? null : prefix;
    }

    public static string DisplayName(string text) => Shown(text, "displayName");

    public static string DeviceName(string? text) => text is null ? "Unnamed device" : Shown(text, "deviceName");

    public static string Note(string? text) => string.IsNullOrWhiteSpace(text) ? "" : Shown(text, "note");

    public static void Password(string password)
    {
        if (new StringInfo(password).LengthInTextElements < MinPassword || password.Length > MaxPassword)
            throw new ParleyException(ErrorCode.Invalid, $"password: {MinPassword} to {MaxPassword} characters.");
    }

    static string Shown(string text, string field)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > MaxDisplayNameUnits || new StringInfo(trimmed).LengthInTextElements is 0 or > MaxDisplayName)
            throw new ParleyException(ErrorCode.Invalid, $"{field}: 1 to {MaxDisplayName} characters.");
        foreach (var rune in trimmed.EnumerateRunes())
        {
            if (IsForbidden(rune.Value, CharUnicodeInfo.GetUnicodeCategory(rune.Value)))
                throw new ParleyException(ErrorCode.Invalid, $"{field}: no control characters, line breaks or direction overrides.");
        }
        return trimmed;
    }

    // Direction overrides (Unicode TR 36 §2.1) make one name look like another; U+FFFD is what a lone surrogate turns into.
    static bool IsForbidden(int rune, UnicodeCategory category) =>
        category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFD;
}
