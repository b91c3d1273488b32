using System.Diagnostics;
using System.Text.Json;

namespace Parley.EndToEnd.Tests.Harness;

/// <summary>`send --lines` under way: its input, what it printed, and what the other side must then have.</summary>
static class Lines
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static void AssertSame(string[] texts, IReadOnlyList<JsonElement> acknowledged, IReadOnlyList<JsonElement> got)
    {
        Assert.Equal(texts, got.Texts("text"));
        Assert.Equal(acknowledged.Texts("clientId"), got.Texts("clientId"));
        Assert.Equal(Enumerable.Range(1, texts.Length).Select(seq => (ulong)seq), got.Select(line => line.Number("seq")));
    }

    public static async Task<List<JsonElement>> ReadAsync(Process process, int count)
    {
        var lines = new List<JsonElement>(count);
        while (lines.Count < count)
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
                ?? throw new InvalidOperationException($"The command ended after {lines.Count} lines: {await process.StandardError.ReadToEndAsync()}");
            lines.Add(JsonDocument.Parse(line).RootElement);
        }
        return lines;
    }

    public static async Task FeedAsync(Process process, string[] texts)
    {
        try
        {
            foreach (var text in texts)
                await process.StandardInput.WriteLineAsync(text);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // the test killed it
        }
    }
}
