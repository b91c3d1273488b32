using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Parley.Server.Accounts;

/// <summary>What stands in an invite's link: 99 random bits in letters and digits that nobody takes for one another.</summary>
sealed class InviteCode
{
    const int Length = 20;
    const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz";

    static readonly SearchValues<char> InCode = SearchValues.Create(Alphabet);

    readonly string _text;

    InviteCode(string text) => _text = text;

    public static InviteCode Create() => new(RandomNumberGenerator.GetString(Alphabet, Length));

    /// <summary>Typed off a screen it may come in capitals. Null: no code looks so.</summary>
    public static InviteCode? TryRead(string text)
    {
        var plain = text.Trim().ToLowerInvariant();
        return plain.Length == Length && !plain.AsSpan().ContainsAnyExcept(InCode) ? new(plain) : null;
    }

    /// <summary>What may be stored.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(_text));

    /// <summary>The text itself. <see cref="ToString"/> would let a log hold it.</summary>
    public string Reveal() => _text;

    public override string ToString() => "(invite)";
}
