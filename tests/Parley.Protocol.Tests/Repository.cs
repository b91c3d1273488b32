using System.Runtime.CompilerServices;

namespace Parley.Protocol.Tests;

/// <summary>Finds files that are checked against the code, from where this source lay when it was built.</summary>
static class Repository
{
    public static string Folder(params string[] parts) => Path.Combine([Root(), .. parts]);

    public static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
