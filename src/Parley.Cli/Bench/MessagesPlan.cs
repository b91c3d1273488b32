namespace Parley.Cli.Bench;

/// <summary>What is asked of <see cref="BenchMessages"/>.</summary>
sealed record MessagesPlan(int Pairs, TimeSpan Length, int Rounds, string? Relay, string? Folder)
{
    /// <summary>Before the first round, on each server: code is compiled and caches are filled.</summary>
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(4);
}
