using Google.Protobuf;
using Parley.Engine.Boundary;
using Parley.Engine.Content;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Entry = Parley.Protocol.Wire.Entry;
using Wire = Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Harness;

/// <summary>What the server says, in short.</summary>
static class Frames
{
    public static ByteString Text(string text) =>
        ByteString.CopyFrom(MimiWriter.Write(Composer.Compose(new TextContent(text), new byte[16])));

    /// <summary>A message; <paramref name="count"/> is the seq unless given, as if all entries counted.</summary>
    public static Entry Message(ulong seq, AccountId author, DeviceId device, ulong n, string text, ulong? count = null, ulong random = 1) => new()
    {
        Seq = seq,
        Kind = EntryKind.Application,
        ServerTimeMs = 5_000 + seq,
        Author = author.ToByteString(),
        Device = device.ToByteString(),
        N = n,
        Random = random,
        Counts = true,
        Count = count ?? seq,
        Body = Text(text),
    };

    /// <summary>Bob's message number n = seq.</summary>
    public static Entry Bob(ulong seq, string text = "hello", ulong random = 1) => Message(seq, Cast.Bob, Cast.BobPhone, seq, text, random: random);

    public static ServerFrame Push(Entry entry, ConversationId? conversation = null) =>
        new() { Entry = new() { Conversation = (conversation ?? Cast.Chat).ToByteString(), Entry = entry } };

    public static ConversationState State(ulong head, ulong read = 0, ulong lastN = 0, ConversationId? id = null, ulong headTimeMs = 0) => new()
    {
        Id = (id ?? Cast.Chat).ToByteString(),
        Kind = ConversationKind.Direct,
        Peer = Cast.Bob.ToByteString(),
        Role = MemberRole.Member,
        Members = 2,
        Head = head,
        Count = head,
        HeadTimeMs = headTimeMs > 0 ? headTimeMs : 5_000 + head,
        Read = read,
        ReadCount = read,
        LastN = lastN,
    };

    public static ServerFrame Heads(params ConversationState[] states)
    {
        var heads = new Heads();
        heads.Conversations.AddRange(states);
        return new() { Heads = heads };
    }

    public static ServerFrame CaughtUp() => new() { CaughtUp = new() { Cursor = ByteString.CopyFrom(9, 9) } };

    public static ServerFrame Page(ulong head, bool more, params Entry[] entries) =>
        Page(head, more, entries.Select(entry => new PageItem { Entry = entry }).ToArray());

    public static ServerFrame Page(ulong head, bool more, PageItem[] items)
    {
        var page = new Page { Conversation = Cast.Chat.ToByteString(), Head = head, More = more };
        page.Items.AddRange(items);
        return new() { Page = page };
    }

    public static ServerFrame Sent(ulong seq, ulong? count = null) => new() { Sent = new() { Seq = seq, ServerTimeMs = 5_000 + seq, Count = count ?? seq } };

    public static ServerFrame Done() => new() { Done = new Wire.Done() };
}
