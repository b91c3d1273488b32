using System.Text.Json;

namespace Parley.EndToEnd.Tests.Harness;

static class JsonFields
{
    public static string Text(this JsonElement line, string field) => line.GetProperty(field).GetString()!;

    public static ulong Number(this JsonElement line, string field) => line.GetProperty(field).GetUInt64();

    public static IEnumerable<string> Texts(this IEnumerable<JsonElement> lines, string field) => lines.Select(line => line.Text(field));
}
