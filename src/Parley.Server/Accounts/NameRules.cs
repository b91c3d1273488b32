using System.Buffers;
using System.Globalization;
using Parley.Protocol;

namespace Parley.Server.Accounts;

/// <summary>What may stand in a name, a display name, an about, a device's name, a note and a password.</summary>
static class NameRules
{
    const int MinName = 3, MaxName = 32;
    const int MaxDisplayName = 64, MaxAbout = 140;
    // A character as people see it may be many code units; somewhere it must end.
    const int MaxUnits = 16;
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

    public static string About(string text) => Shown(text, "about", min: 0, max: MaxAbout);

    public static string DeviceName(string? text) => text is null ? "Unnamed device" : Shown(text, "deviceName");

    public static string Note(string? text) => string.IsNullOrWhiteSpace(text) ? "" : Shown(text, "note");

    public static void Password(string password)
    {
        if (new StringInfo(password).LengthInTextElements < MinPassword || password.Length > MaxPassword)
            throw new ParleyException(ErrorCode.Invalid, $"password: {MinPassword} to {MaxPassword} characters.");
    }

    static string Shown(string text, string field, int min = 1, int max = MaxDisplayName)
    {
        var trimmed = text.Trim();
        var length = trimmed.Length > MaxUnits * max ? int.MaxValue : new StringInfo(trimmed).LengthInTextElements;
        if (length < min || length > max)
            throw new ParleyException(ErrorCode.Invalid, $"{field}: {min} to {max} characters.");
        ShownText.Check(trimmed, field);
        return trimmed;
    }
}
