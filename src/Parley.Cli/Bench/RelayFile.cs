namespace Parley.Cli.Bench;

/// <summary>Where the relay's executable is: given, or in the tree this executable was built in.</summary>
static class RelayFile
{
    const string InTree = "artifacts/bin/Parley.Relay/release/parley-relay";

    public static string Find(string? given)
    {
        if (given is not null)
            return File.Exists(given) ? given : throw new BenchException($"There is no {given}.");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, InTree);
            if (File.Exists(file))
                return file;
        }
        throw new BenchException("The relay is not built: run ./parley bench in the repository, or name it with --relay.");
    }
}
