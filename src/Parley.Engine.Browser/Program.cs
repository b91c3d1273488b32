using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;
using Parley.Engine.Boundary;
using Parley.Engine.Json;

[assembly: SupportedOSPlatform("browser")]

namespace Parley.Engine.Browser;

/// <summary>
/// The one call that crosses into the engine. The worker that loads it owns socket, store and timers; one runtime holds one engine.
/// </summary>
static partial class Program
{
    static ClientEngine _engine = new();

    /// <summary>The runtime needs an entry; the work is done by <see cref="Handle"/>.</summary>
    public static void Main()
    {
    }

    /// <summary>A new engine, without loading the runtime again.</summary>
    [JSExport]
    internal static void Restart() => _engine = new();

    /// <summary>An array of inputs in, the array of their effects out (<c>docs/engine-boundary.md</c>).</summary>
    [JSExport]
    internal static string Handle(string inputs)
    {
        var effects = new List<EngineEffect>();
        foreach (var input in EngineJson.ReadInputs(inputs))
            effects.AddRange(_engine.Handle(input).Effects);
        return EngineJson.WriteEffects(effects);
    }
}
