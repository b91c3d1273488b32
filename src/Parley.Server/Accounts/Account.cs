using Microsoft.AspNetCore.Identity;
using Parley.Protocol.Ids;

namespace Parley.Server.Accounts;

/// <summary>A person's or a bot's account. Its name has one spelling only, so the name looked up is the name shown.</summary>
sealed class Account : IdentityUser<Guid>
{
    public AccountId AccountId => new(Id);

    public string Name
    {
        get => NormalizedUserName!;
        set => NormalizedUserName = value;
    }

    public override string? UserName
    {
        get => NormalizedUserName;
        set => NormalizedUserName = value;
    }

    public string DisplayName { get; set; } = "";

    /// <summary>What the person says of itself; empty when nothing.</summary>
    public string About { get; set; } = "";

    public long CreatedAtMs { get; set; }

    /// <summary>Nobody who searches for people finds it: it is no person's, but a load test's.</summary>
    public bool IsHidden { get; set; }

    /// <summary>Whoever runs the server: signed up with the link that a start without an operator prints.</summary>
    public bool IsOperator { get; set; }
}
