using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Server.Tests.Host;

/// <summary>Requests made from the API's document and a seed: mostly of the right shape, so that they come far, and each with something odd.</summary>
sealed class ApiRequests
{
    static readonly string[] Texts =
    [
        "", " ", "a", "alice", "Alice\u0000", "\u202E\uFEFF", "👩‍👩‍👧", "%", "' OR 1=1 --", "../../etc/passwd", "null", "correct horse battery", "0000-0000-0000-0000",
        "01a20de1-2c61-7839-b1d4-e2133e17b02c", "00000000-0000-0000-0000-000000000000", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "2026-02-30T99:00:00Z",
        new('x', 33), new('x', 65), new('x', 257), new('\u0301', 3000), new('x', 40_000),
    ];

    static readonly string[] Malformed = ["", "{", "[]", "null", "7", "\"text\"", "{\"name\":}", "{\"name\":\"\\ud800\"}", "\u0000", "{\"a\":1}{\"a\":2}", new('[', 2000)];

    readonly Dice _dice;
    readonly JsonElement _document;
    readonly (string Path, string Method, JsonElement Call)[] _calls;

    public ApiRequests(JsonElement document, ulong seed)
    {
        _dice = new(seed);
        _document = document;
        _calls = [.. from path in document.GetProperty("paths").EnumerateObject()
                     from call in path.Value.EnumerateObject()
                     select (path.Name, call.Name, call.Value)];
    }

    public int Calls => _calls.Length;

    /// <summary>The next request to the call of this number, and what it is in words.</summary>
    public HttpRequestMessage Next(int call, IReadOnlyList<string> tokens)
    {
        var (path, method, described) = _calls[call % _calls.Length];
        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), Fill(path, described));
        if (_dice.Next(4) > 0)
            request.Headers.TryAddWithoutValidation("Authorization", _dice.Next(12) == 0 ? $"Bearer {Ascii()}" : $"Bearer {tokens[_dice.Next(tokens.Count)]}");
        if (described.TryGetProperty("requestBody", out var body) && _dice.Next(30) > 0)
            request.Content = Body(body.GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        else if (_dice.Next(10) == 0)
            request.Content = new StringContent(Text(), Encoding.UTF8, "text/plain");
        // A refused body is not read: whoever sends it without asking may lose the answer with the connection.
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > 16 * 1024;
        // Nor does a connection outlive a body that was not read; the next request must not be the one to notice.
        request.Headers.ConnectionClose = true;
        return request;
    }

    string Fill(string path, JsonElement call)
    {
        var query = new List<string>();
        foreach (var parameter in call.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default)
        {
            // A target with U+0000 is refused by HTTP itself, with no answer of the API.
            var (name, value) = (parameter.GetProperty("name").GetString()!, Uri.EscapeDataString(Short().Replace("\0", "", StringComparison.Ordinal)));
            if (parameter.GetProperty("in").GetString() == "path")
                path = path.Replace($"{{{name}}}", value.Length == 0 ? "-" : value, StringComparison.Ordinal);
            else if (_dice.Next(8) > 0)
                query.Add($"{name}={value}");
        }
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    StringContent Body(JsonElement schema)
    {
        var text = _dice.Next(8) == 0 ? Malformed[_dice.Next(Malformed.Length)] : Value(schema, 0)?.ToJsonString() ?? "null";
        var content = new StringContent(text, Encoding.UTF8);
        content.Headers.ContentType = _dice.Next(20) == 0 ? null : new MediaTypeHeaderValue("application/json");
        return content;
    }

    JsonNode? Value(JsonElement schema, int depth)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Value(_document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), depth);
        if (_dice.Next(15) == 0 && depth > 0)
            return Odd();
        return TypeOf(schema) switch
        {
            "object" => Object(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, _dice.Next(20) == 0 ? 201 : _dice.Next(4)).Select(_ => Value(schema.GetProperty("items"), depth + 1))]),
            "boolean" => JsonValue.Create(_dice.Next(2) == 0),
            "integer" => JsonValue.Create(_dice.Next(2) == 0 ? (long)_dice.Next() : _dice.Next(22) - 2),
            _ => JsonValue.Create(Text()),
        };
    }

    JsonObject Object(JsonElement schema, int depth)
    {
        var made = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject().Where(_ => _dice.Next(12) > 0))
                made[property.Name] = Value(property.Value, depth + 1);
        }
        if (_dice.Next(12) == 0)
            made["unknown"] = Odd();
        return made;
    }

    JsonNode? Odd() => _dice.Next(7) switch
    {
        0 => null,
        1 => JsonValue.Create(1e308),
        2 => JsonValue.Create(-1),
        3 => new JsonArray(1, "two", new JsonArray()),
        4 => new JsonObject { ["name"] = new JsonObject() },
        5 => JsonValue.Create(true),
        _ => JsonValue.Create(Text()),
    };

    static string TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) ? "object" : "string";
        return type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!).First(one => one != "null") : type.GetString()!;
    }

    string Text() => _dice.Next(3) == 0 ? $"walker{_dice.Next(1000)}" : Texts[_dice.Next(Texts.Length)];

    // A request's line and headers have less room than its body, and are another's matter.
    string Short() => Text() is { Length: < 300 } text ? text : "long";

    string Ascii() => string.Concat(Short().Where(letter => letter is > ' ' and <= '~'));
}
