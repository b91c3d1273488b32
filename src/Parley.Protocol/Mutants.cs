#if PARLEY_MUTANTS
namespace Parley.Protocol;

/// <summary>
/// Bugs planted on purpose, one per law, to see the tests catch them. This class exists only in builds made with -p:Mutants=true;
/// each mutant has one place in the code, at the one line that keeps its law.
/// </summary>
public static class Mutants
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "ack-before-fsync",
        "no-idempotency",
        "no-fence",
        "id-check-without-random",
        "fan-out-before-commit",
        "cursor-before-last-page",
        "unread-off-by-edits",
        "read-outside-span",
    ];

    /// <summary>The planted one, or null.</summary>
    public static string? Planted { get; set; }

    /// <summary>Whether this one is planted.</summary>
    public static bool IsOn(string name) => Planted == name;
}
#endif
