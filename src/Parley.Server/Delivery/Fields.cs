using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Server.Delivery.Lanes;
using Parley.Server.Edge;

namespace Parley.Server.Delivery;

/// <summary>Fields that many commands share, checked and typed.</summary>
static class Fields
{
    public static ConversationId Conversation(ByteString bytes) =>
        ConversationId.TryRead(bytes.Span, out var id) ? id : throw NoId("conversation");

    public static AccountId Account(ByteString bytes) => AccountId.TryRead(bytes.Span, out var id) ? id : throw NoId("account");

    /// <summary>Where a page of accounts goes on: null from the start.</summary>
    public static AccountId? After(ByteString bytes) => bytes.IsEmpty ? null : Account(bytes);

    /// <summary>A page's limit: 0 asks for the most there is.</summary>
    public static int Limit(uint asked, int most, int usual) =>
        asked == 0 ? usual
        : asked <= (uint)most ? (int)asked
        : throw new ParleyException(ErrorCode.Invalid, $"limit is 1 to {most}.");

    /// <summary>A list of accounts without repeats, no longer than a group.</summary>
    public static IReadOnlyList<AccountId> Accounts(IReadOnlyCollection<ByteString> list, LaneLimits limits)
    {
        if (list.Count > limits.MaxGroupMembers)
            throw new ParleyException(ErrorCode.GroupFull, $"A group has at most {limits.MaxGroupMembers} members.");
        return [.. list.Select(Account).Distinct()];
    }

    public static string Title(string title)
    {
        var length = title.EnumerateRunes().Count();
        return length is >= 1 and <= CreateGroup.MaxTitleLength
            ? title
            : throw new ParleyException(length == 0 ? ErrorCode.Invalid : ErrorCode.TooLarge, $"A title has 1 to {CreateGroup.MaxTitleLength} characters.");
    }

    public static Caller Caller(Session session, ulong id) => new(session.Account, session.Device, session, id);

    public static ulong Random()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    static ParleyException NoId(string what) => new(ErrorCode.Invalid, $"An id of {what} has 16 bytes.");
}
