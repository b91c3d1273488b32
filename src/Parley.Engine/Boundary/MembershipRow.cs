using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Boundary;

/// <summary>A change of a group.</summary>
public sealed record MembershipRow(MembershipKind Kind)
{
    /// <summary>Created, added, removed, role: who.</summary>
    public IReadOnlyList<AccountId> Accounts { get; init => field = value ?? []; } = [];

    /// <summary>Created, title: the title.</summary>
    public string? Title { get; init; }

    /// <summary>Role: the new one.</summary>
    public MemberRole Role { get; init; }
}

/// <summary>The kinds of changes of a group.</summary>
public enum MembershipKind
{
    /// <summary>Not known to this version.</summary>
    Unknown,

    /// <summary>The group was made.</summary>
    Created,

    /// <summary>Members were added.</summary>
    Added,

    /// <summary>Members were removed.</summary>
    Removed,

    /// <summary>The author left.</summary>
    Left,

    /// <summary>A new title.</summary>
    Title,

    /// <summary>A member has another role.</summary>
    Role,
}
