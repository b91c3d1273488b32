using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Engine.Boundary;

/// <summary>One value. The engine writes <c>cursor</c> (base64); the host writes what it needs under other keys.</summary>
public sealed record MetaRow(string Key, string Value)
{
    /// <summary>The key of the cursor.</summary>
    public const string Cursor = "cursor";
}

/// <summary>Who somebody is.</summary>
public sealed record PersonRow(AccountId Account, string Name, string DisplayName);

/// <summary>A member of a group.</summary>
public sealed record MemberRow(ConversationId Conversation, AccountId Account, MemberRole Role, ulong JoinedSeq);

/// <summary>How far a member has come. Not stored.</summary>
public sealed record ReceiptRow(AccountId Account, ulong Delivered, ulong Read);
