using System.Diagnostics;
using System.Text.Json;
using Parley.Engine.Tests.Harness;

namespace Parley.Engine.Tests.Scenarios;

public sealed class ScenarioTests
{
    public static TheoryData<string> Names => [.. Scenario.All.Select(scenario => Path.GetFileNameWithoutExtension(scenario.Path))];

    static Scenario Find(string name) => Scenario.All.Single(scenario => Path.GetFileNameWithoutExtension(scenario.Path) == name);

    /// <summary>PARLEY_RECORD=1 writes what the engine answers instead; the change is then read like any other.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_is_replayed_on_dotnet(string name)
    {
        var scenario = Find(name);
        var effects = scenario.Replay();
        if (Environment.GetEnvironmentVariable("PARLEY_RECORD") == "1")
            scenario.Record(effects);
        else
            scenario.Expect(effects);
    }

    [Fact]
    public void There_are_at_least_ten_scenarios() => Assert.True(Scenario.All.Count >= 10);

    [Fact]
    public async Task Every_scenario_is_replayed_as_WebAssembly_under_Node_with_the_same_effects_byte_for_byte()
    {
        if (FindPublishedEngine() is not { } engine)
            return;
        var inputs = JsonSerializer.Serialize(Scenario.All.Select(scenario => scenario.Inputs));
        var answers = JsonSerializer.Deserialize<string[][]>(await RunNodeAsync(engine, inputs))!;
        Assert.Equal(Scenario.All.Count, answers.Length);
        foreach (var (scenario, effects) in Scenario.All.Zip(answers))
            Assert.Equal(scenario.Replay(), effects);
    }

    static async Task<string> RunNodeAsync(string engine, string inputs)
    {
        var script = Path.Combine(Repository.Root, "tests", "Parley.Engine.Tests", "Scenarios", "replay.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, engine]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await node.StandardInput.WriteAsync(inputs);
        node.StandardInput.Close();
        var answers = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal(0, node.ExitCode);
        return answers;
    }

    /// <summary>What ./parley publishes; null, and said so, when it is missing or older than its sources, which CI does not allow.</summary>
    static string? FindPublishedEngine()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "publish", "Parley.Engine.Browser", "release", "wwwroot", "_framework");
        var loader = Path.Combine(folder, "dotnet.js");
        var newest = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Parley.Engine"), "*.cs", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc);
        // The stamp says when ./parley last built it; a publish by hand leaves none, and its loader is as old as its last change.
        var stamp = Path.Combine(Repository.Root, "artifacts", "stamps", "engine");
        var built = new[] { loader, stamp }.Where(File.Exists).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
        if (File.Exists(loader) && built >= newest)
            return folder;
        var missing = $"The engine's WebAssembly in {folder} is missing or older than src/Parley.Engine; ./parley builds it.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
        TestContext.Current.TestOutputHelper?.WriteLine(missing + " Nothing was replayed under Node.");
        return null;
    }
}
