using System.Runtime.CompilerServices;

namespace Parley.House.Tests;

/// <summary>
/// A tree with the real ./parley and a source file, and a PATH on which only the tools named here exist: `dotnet` is a script that
/// counts its publishes and leaves an executable which prints its arguments.
/// </summary>
sealed class SmallHouse : IDisposable
{
    static readonly string[] Tools =
        ["bash", "cat", "chmod", "cp", "date", "find", "flock", "grep", "id", "ls", "mkdir", "mv", "readlink", "rm", "sleep", "touch", "git"];

    readonly string _tools;

    public SmallHouse()
    {
        Root = Directory.CreateTempSubdirectory("parley-house-").FullName;
        _tools = Directory.CreateDirectory(Path.Combine(Root, "tools")).FullName;
        foreach (var tool in Tools)
            File.CreateSymbolicLink(Path.Combine(_tools, tool), Find(tool));
        Directory.CreateDirectory(Path.Combine(Root, "eng"));
        CopyFolder("eng/build");
        File.Copy(Path.Combine(Repository(), "parley"), Path.Combine(Root, "parley"));
        Write("src/Parley.Cli/Program.cs", "one");
        AddDotnet();
    }

    public string Root { get; }

    public int Publishes => File.Exists(Path.Combine(Root, "publishes")) ? File.ReadAllLines(Path.Combine(Root, "publishes")).Length : 0;

    public Task<Outcome> RunAsync(string command) => Shell.RunAsync(Root, command, _tools);

    public void Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public void RemoveTool(string name) => File.Delete(Path.Combine(_tools, name));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static string Repository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    void AddDotnet()
    {
        Write("tools/dotnet", """
            #!/bin/bash
            if [ "$1" = --list-sdks ]; then echo '10.0.400 [/sdk]'; exit; fi
            echo 'a line of the build'
            cat src/Parley.Cli/Program.cs | grep -q broken && { echo 'error: it is broken'; exit 1; }
            echo publish >>publishes
            mkdir -p artifacts/publish/Parley.Cli/release
            printf '#!/bin/bash\necho "ran $*"\n' >artifacts/publish/Parley.Cli/release/parley
            chmod +x artifacts/publish/Parley.Cli/release/parley
            """);
        File.SetUnixFileMode(Path.Combine(_tools, "dotnet"), (UnixFileMode)0b111_101_101);
    }

    void CopyFolder(string folder)
    {
        Directory.CreateDirectory(Path.Combine(Root, folder));
        foreach (var file in Directory.GetFiles(Path.Combine(Repository(), folder)))
            File.Copy(file, Path.Combine(Root, folder, Path.GetFileName(file)));
    }

    static string Find(string tool) => File.Exists($"/bin/{tool}") ? $"/bin/{tool}" : $"/usr/bin/{tool}";
}
