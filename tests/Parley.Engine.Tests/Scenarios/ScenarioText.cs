using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Parley.Engine.Content;
using Parley.Engine.Tests.Harness;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Scenarios;

/// <summary>
/// Between the readable form of <c>spec/scenarios</c> and the boundary's JSON: <c>@name</c> is an id, <c>text:…</c> a MIMI content
/// with a salt of zeros, <c>frames</c> the frames of a transport message as protobuf JSON. Fields with their default are left out.
/// </summary>
static partial class ScenarioText
{
    static readonly JsonParser Parser = new(JsonParser.Settings.Default);
    static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    static readonly Dictionary<string, Guid> Names = new()
    {
        ["alice"] = Cast.Alice.Value,
        ["bob"] = Cast.Bob.Value,
        ["carol"] = Cast.Carol.Value,
        ["alicePhone"] = Cast.AlicePhone.Value,
        ["bobPhone"] = Cast.BobPhone.Value,
        ["carolPhone"] = Cast.CarolPhone.Value,
        ["chat"] = Cast.Chat.Value,
        ["group"] = Cast.Group.Value,
    };

    /// <summary>Inputs as the engine takes them.</summary>
    public static string ToBoundary(JsonNode inputs)
    {
        var array = inputs.DeepClone().AsArray();
        foreach (var input in array.OfType<JsonObject>())
        {
            if (input["frames"] is { } frames)
                input["message"] = Convert.ToBase64String(Encode(frames.AsArray()));
            input.Remove("frames");
        }
        return Replace(array, TextToBoundary)!.ToJsonString();
    }

    /// <summary>Effects as a reader wants them.</summary>
    public static JsonArray Describe(string effects)
    {
        var array = JsonNode.Parse(effects)!.AsArray();
        foreach (var effect in array.OfType<JsonObject>().Where(effect => (string?)effect["type"] == "sendBytes"))
        {
            effect["frames"] = Decode(Convert.FromBase64String((string)effect["message"]!));
            effect.Remove("message");
        }
        return Prune(Replace(array, DescribeText))!.AsArray();
    }

    static byte[] Encode(JsonArray frames)
    {
        using var bytes = new MemoryStream();
        foreach (var frame in frames)
            bytes.Write(FrameCodec.Encode(Parser.Parse<ServerFrame>(Replace(frame, ToWire)!.ToJsonString())));
        return bytes.ToArray();
    }

    static JsonArray Decode(ReadOnlySpan<byte> message)
    {
        var frames = new JsonArray();
        while (FrameCodec.TryTakeFrame(ref message, out var frame))
            frames.Add(Replace(JsonNode.Parse(Formatter.Format(FrameCodec.DecodeClient(frame))), DescribeWire));
        return frames;
    }

    static JsonNode TextToBoundary(string text) =>
        text.StartsWith("text:", StringComparison.Ordinal)
            ? Content(text)
            : Name().Replace(text, match => Names[match.Groups[1].Value].ToString());

    static JsonNode ToWire(string text)
    {
        if (text.StartsWith("text:", StringComparison.Ordinal))
            return Content(text);
        return text.StartsWith('@') ? Convert.ToBase64String(Names[text[1..]].ToByteArray(bigEndian: true)) : text;
    }

    static string Content(string text) => Frames.Text(text["text:".Length..]).ToBase64();

    static JsonNode DescribeText(string text)
    {
        foreach (var (name, id) in Names)
            text = text.Replace(id.ToString(), "@" + name, StringComparison.Ordinal);
        return DescribeContent(text) ?? text;
    }

    static JsonNode DescribeWire(string text)
    {
        if (ulong.TryParse(text, out var number))
            return number;
        foreach (var (name, id) in Names)
        {
            if (text == Convert.ToBase64String(id.ToByteArray(bigEndian: true)))
                return "@" + name;
        }
        return DescribeContent(text) ?? text;
    }

    static string? DescribeContent(string text)
    {
        var bytes = new byte[text.Length];
        if (text.Length < 24 || !Convert.TryFromBase64String(text, bytes, out var length))
            return null;
        try
        {
            return Composer.Read(MimiReader.Read(bytes.AsMemory(0, length))) is { Text: { } said } && Frames.Text(said).ToBase64() == text ? "text:" + said : null;
        }
        catch (ContentException)
        {
            return null;
        }
    }

    static JsonNode? Replace(JsonNode? node, Func<string, JsonNode> replace) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Replace(pair.Value, replace)))),
        JsonArray list => new JsonArray([.. list.Select(item => Replace(item, replace))]),
        JsonValue value when value.TryGetValue<string>(out var text) => replace(text),
        _ => node?.DeepClone(),
    };

    static JsonNode? Prune(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Where(pair => !IsDefault(pair.Value)).Select(pair => KeyValuePair.Create(pair.Key, Prune(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Prune)]),
        _ => node?.DeepClone(),
    };

    static bool IsDefault(JsonNode? node) => node is null || node.ToJsonString() is "0" or "false" or "\"\"" or "[]" or "\"unspecified\"" or "\"none\"" or "\"0000000000000000\"";

    [GeneratedRegex("@([a-zA-Z]+)")]
    private static partial Regex Name();
}
