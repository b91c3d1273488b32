namespace Parley.Server.Accounts;

/// <summary>Who may make an account.</summary>
public enum SignUpMode
{
    /// <summary>Everybody who reaches the server.</summary>
    Open,

    /// <summary>Who has an invite.</summary>
    Invite,

    /// <summary>Nobody but the operator, by the one-time link.</summary>
    Closed,
}

/// <summary>The mode this server runs in.</summary>
sealed record SignUpPolicy(SignUpMode Mode);
