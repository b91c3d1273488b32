using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Parley.Engine.Boundary;
using Parley.Engine.Json;
using Parley.Engine.Tests.Harness;

namespace Parley.Engine.Tests.Scenarios;

/// <summary>One file of <c>spec/scenarios</c>: steps of inputs and the effects they must have.</summary>
sealed class Scenario
{
    readonly JsonObject _root;

    Scenario(string path)
    {
        Path = path;
        _root = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
    }

    public string Path { get; }

    public static IReadOnlyList<Scenario> All { get; } =
        [.. Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "spec", "scenarios"), "*.json").Order(StringComparer.Ordinal).Select(path => new Scenario(path))];

    IEnumerable<JsonObject> Steps => _root["steps"]!.AsArray().Select(step => step!.AsObject());

    /// <summary>The inputs of each step, as the engine takes them.</summary>
    public IReadOnlyList<string> Inputs => [.. Steps.Select(step => ScenarioText.ToBoundary(step["in"]!))];

    /// <summary>What the engine answers to each step on .NET.</summary>
    public IReadOnlyList<string> Replay()
    {
        var engine = new ClientEngine();
        return [.. Inputs.Select(inputs =>
        {
            var effects = new List<EngineEffect>();
            foreach (var input in EngineJson.ReadInputs(inputs))
                effects.AddRange(engine.Handle(input).Effects);
            return EngineJson.WriteEffects(effects);
        })];
    }

    /// <summary>Compares each step's effects with those of the file.</summary>
    public void Expect(IReadOnlyList<string> effects)
    {
        foreach (var (step, actual) in Steps.Zip(effects))
            Assert.Equal(Write(step["out"]!), Write(ScenarioText.Describe(actual)));
    }

    /// <summary>Writes what the engine answers now into the file, to be read before it is committed.</summary>
    public void Record(IReadOnlyList<string> effects)
    {
        foreach (var (step, actual) in Steps.Zip(effects))
            step["out"] = ScenarioText.Describe(actual);
        File.WriteAllText(Path, Write(_root));
    }

    static string Write(JsonNode node) => ScenarioWriter.Write(node);
}

/// <summary>JSON with one input or effect a line, so that a scenario can be read and a change seen.</summary>
static class ScenarioWriter
{
    static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode node) => node switch
    {
        JsonArray list => WriteList(list, "  "),
        JsonObject root => WriteRoot(root),
        _ => node.ToJsonString(Compact),
    };

    static string WriteRoot(JsonObject root)
    {
        var steps = root["steps"]!.AsArray().Select(step =>
            $"    {{\n      \"note\": {step!["note"]!.ToJsonString(Compact)},\n      \"in\": {WriteList(step["in"]!.AsArray(), "      ")},\n      \"out\": {WriteList(step["out"]!.AsArray(), "      ")}\n    }}");
        return $"{{\n  \"promise\": {root["promise"]!.ToJsonString(Compact)},\n  \"steps\": [\n{string.Join(",\n", steps)}\n  ]\n}}\n";
    }

    static string WriteList(JsonArray list, string indent) =>
        list.Count == 0 ? "[]" : $"[\n{string.Join(",\n", list.Select(item => WriteItem(item!, indent + "  ")))}\n{indent}]";

    /// <summary>A batch takes one line for each of its ops.</summary>
    static string WriteItem(JsonNode item, string indent)
    {
        if (item["ops"] is not JsonArray ops)
            return indent + item.ToJsonString(Compact);
        return $"{indent}{{\"type\":\"storeBatch\",\"batchId\":{item["batchId"]},\"ops\":{WriteList(ops, indent)}}}";
    }
}
