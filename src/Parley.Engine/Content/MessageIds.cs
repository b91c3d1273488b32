using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Parley.Protocol.Ids;

namespace Parley.Engine.Content;

/// <summary>
/// By what a message is referred to (draft-ietf-mimi-content, message ids): 0x01 and the first 31 bytes of SHA-256 over sender and
/// room, each with its length in two bytes, the content and its salt. Nobody can choose it, and the server need not know it.
/// </summary>
static class MessageIds
{
    public static byte[] Derive(AccountId sender, ConversationId room, ReadOnlySpan<byte> content, ReadOnlySpan<byte> salt) =>
        Derive($"parley:/u/{sender}", $"parley:/r/{room}", content, salt);

    public static byte[] Derive(string senderUri, string roomUri, ReadOnlySpan<byte> content, ReadOnlySpan<byte> salt)
    {
        var sender = Encoding.UTF8.GetBytes(senderUri);
        var room = Encoding.UTF8.GetBytes(roomUri);
        var input = new byte[2 + sender.Length + 2 + room.Length + content.Length + salt.Length];
        var rest = input.AsSpan(WriteWithLength(room, input, WriteWithLength(sender, input, 0)));
        content.CopyTo(rest);
        salt.CopyTo(rest[content.Length..]);
        var id = SHA256.HashData(input);
        id.AsSpan(..31).CopyTo(id.AsSpan(1));
        id[0] = 1;
        return id;
    }

    static int WriteWithLength(ReadOnlySpan<byte> bytes, Span<byte> destination, int at)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)bytes.Length);
        bytes.CopyTo(destination[(at + 2)..]);
        return at + 2 + bytes.Length;
    }
}
