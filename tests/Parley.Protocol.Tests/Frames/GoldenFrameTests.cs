using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Parley.Protocol.Wire;

namespace Parley.Protocol.Tests.Frames;

/// <summary>
/// <c>spec/golden/KIND/NAME.json</c> says a frame in words, <c>NAME.hex</c> its bytes on the wire with the length before them. A new
/// frame brings its .json; the failing test prints the .hex to look at and to commit.
/// </summary>
public sealed class GoldenFrameTests
{
    static readonly Dictionary<string, MessageDescriptor> Kinds = new()
    {
        ["client"] = ClientFrame.Descriptor,
        ["server"] = ServerFrame.Descriptor,
        ["membership"] = MembershipChange.Descriptor,
    };

    public static TheoryData<string> Names => [.. Kinds.Keys
        .SelectMany(kind => Directory.GetFiles(Repository.Folder("spec", "golden", kind), "*.json"))
        .Select(path => Path.GetRelativePath(Repository.Folder("spec", "golden"), path)[..^".json".Length])
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_encodes_to_its_golden_bytes(string name)
    {
        var bytes = FrameCodec.Encode(ReadText(name));
        Assert.True(File.Exists(HexPath(name)), $"{HexPath(name)} is missing. These are its bytes, if they are right:\n{Hex(bytes)}");
        Assert.Equal(File.ReadAllText(HexPath(name)), Hex(bytes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_bytes_decode_to_their_frame(string name)
    {
        ReadOnlySpan<byte> message = Convert.FromHexString(File.ReadAllText(HexPath(name)).ReplaceLineEndings(""));
        Assert.True(FrameCodec.TryTakeFrame(ref message, out var frame));
        Assert.False(FrameCodec.TryTakeFrame(ref message, out _));
        var decoded = Kind(name).Parser.ParseFrom(frame);
        Assert.Equal(ReadText(name), decoded);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(TextPath(name))), JsonNode.Parse(JsonFormatter.Default.Format(decoded))));
    }

    [Fact]
    public void Every_command_reply_push_and_change_has_a_golden_frame()
    {
        var missing = Kinds.SelectMany(kind => kind.Value.Oneofs.Single().Fields
            .Where(field => !Names.Any(row => Kind(row.Data) == kind.Value && field.Accessor.HasValue(ReadText(row.Data))))
            .Select(field => $"{kind.Key}: {field.Name}"));
        Assert.Empty(missing);
    }

    static IMessage ReadText(string name) => JsonParser.Default.Parse(File.ReadAllText(TextPath(name)), Kind(name));

    static MessageDescriptor Kind(string name) => Kinds[name[..name.IndexOf('/', StringComparison.Ordinal)]];

    static string TextPath(string name) => Repository.Folder("spec", "golden", name + ".json");

    static string HexPath(string name) => Repository.Folder("spec", "golden", name + ".hex");

    // 32 bytes a line, so that a change shows where it is
    static string Hex(byte[] bytes) => string.Concat(bytes.Chunk(32).Select(line => Convert.ToHexStringLower(line) + "\n"));
}
