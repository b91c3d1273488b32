namespace Parley.Engine.Tests.Harness;

/// <summary>Published test vectors: $PARLEY_VECTORS, else ../shared/vectors beside the repository.</summary>
static class Vectors
{
    /// <summary>The files of a folder; none, and said so, where the vectors are not there. In CI they must be.</summary>
    public static IReadOnlyList<string> Find(string folder, string pattern)
    {
        var root = Environment.GetEnvironmentVariable("PARLEY_VECTORS") ?? Path.Combine(Repository.Root, "..", "shared", "vectors");
        var path = Path.Combine(root, folder);
        if (Directory.Exists(path))
            return Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal).ToList();
        var missing = $"The vectors are not at {path} (set PARLEY_VECTORS).";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", missing);
        // The runner keeps a passing test's output to itself, and this one is to be seen.
        using var stderr = new StreamWriter(Console.OpenStandardError());
        stderr.WriteLine($"{missing} {TestContext.Current.Test?.TestDisplayName} tested nothing against them.");
        return [];
    }
}

/// <summary>Where the repository lies.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    static string FindRoot(string folder)
    {
        while (!File.Exists(Path.Combine(folder, "Parley.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder;
    }
}
