using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Parley.House.Tests;

/// <summary>
/// The arrows of docs/architecture.md, held against what was compiled: a project reference that is allowed may still bring others along,
/// so this looks at what each assembly really names.
/// </summary>
public sealed class ArrowTests
{
    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Parley.Protocol"] = [],
        ["Parley.Mls"] = [],
        ["Parley.MessageLog"] = ["Parley.Protocol"],
        ["Parley.Server"] = ["Parley.Protocol", "Parley.MessageLog", "Parley.Mls"],
        ["Parley.Engine"] = ["Parley.Protocol", "Parley.Mls"],
        ["Parley.Client"] = ["Parley.Engine", "Parley.Protocol"],
        ["parley"] = ["Parley.Server", "Parley.Client", "Parley.Engine", "Parley.MessageLog", "Parley.Protocol"],
    };

    /// <summary>What must stay free of input and output to be proven.</summary>
    static readonly string[] Pure = ["Parley.Protocol", "Parley.Engine", "Parley.Mls"];

    static readonly string[] InputAndOutput =
        ["System.Net.", "System.IO.FileSystem", "System.IO.Pipelines", "Microsoft.AspNetCore", "Microsoft.Data", "Microsoft.EntityFrameworkCore", "Orleans"];

    public static TheoryData<string> Assemblies => [.. Arrows.Keys.Where(name => File.Exists(PathOf(name)))];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_names_only_what_its_arrows_allow(string name) =>
        Assert.Empty(ReferencesOf(name).Where(reference => Arrows.ContainsKey(reference)).Except(Arrows[name]));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_pure_assembly_has_nothing_to_reach_the_world_with(string name) => Assert.DoesNotContain(ReferencesOf(name),
        reference => Pure.Contains(name) && InputAndOutput.Any(world => reference.StartsWith(world, StringComparison.Ordinal)));

    [Fact]
    public void The_rooms_that_exist_were_looked_at() => Assert.Superset(
        new HashSet<string> { "Parley.Protocol", "Parley.MessageLog", "Parley.Server", "Parley.Engine", "parley" },
        Arrows.Keys.Where(name => File.Exists(PathOf(name))).ToHashSet());

    static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, name + ".dll");

    static List<string> ReferencesOf(string name)
    {
        using var file = new PEReader(File.OpenRead(PathOf(name)));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
