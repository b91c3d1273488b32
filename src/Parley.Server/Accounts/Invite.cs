namespace Parley.Server.Accounts;

/// <summary>Lets people sign up who have its code. The code is stored as a hash only: who reads the table can invite nobody.</summary>
sealed class Invite
{
    /// <summary>Names it to the operator; it proves nothing.</summary>
    public long Id { get; init; }

    public required byte[] CodeHash { get; init; }

    /// <summary>Whose account it makes is the operator.</summary>
    public bool MakesOperator { get; init; }

    public required int UsesLeft { get; set; }

    public required long ExpiresAtMs { get; init; }

    public required long CreatedAtMs { get; init; }

    public bool IsRevoked { get; set; }

    /// <summary>For whom or what it is, in the operator's words.</summary>
    public required string Note { get; init; }

    public bool IsGood(DateTimeOffset now) => UsesLeft > 0 && !IsRevoked && ExpiresAtMs > now.ToUnixTimeMilliseconds();
}
