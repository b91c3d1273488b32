namespace Parley.House.Tests;

/// <summary>The last line of ./parley test: what runners report, and what they should have.</summary>
public sealed class TallyTests
{
    [Theory]
    [InlineData("read_platform", "Test run summary: Failed! - a.dll\n  total: 5\n  failed: 2\n  succeeded: 3\n  skipped: 0\n", "3 2")]
    [InlineData("read_own", "a finding\n116 passed, 1 failed\n", "116 1")]
    [InlineData("read_vitest", " Test Files  1 passed (1)\n      Tests  1 failed | 12 passed (13)\n", "12 1")]
    [InlineData("read_vitest", " Test Files  1 failed | 1 passed (2)\n      Tests  12 passed (12)\n", "12 1")]
    [InlineData("read_playwright", "  1 failed\n    a.spec.ts:3:1 › b\n  2 did not run\n  5 passed (3.2s)\n", "5 3")]
    [InlineData("read_playwright", "  5 passed (3.2s)\n", "5 0")]
    [InlineData("read_own", "", "0 0")]
    public async Task Reports_are_read(string reader, string report, string expected) =>
        Assert.Equal($"{expected}\n", (await Tally($"printf '%s' '{report}' | {reader}")).Output);

    [Theory]
    [InlineData("echo '2 passed, 0 failed'", 0, "2 passed, 0 failed")]
    [InlineData("echo '2 passed, 1 failed'; exit 1", 1, "2 passed, 1 failed")]
    [InlineData("echo '2 passed, 0 failed'; exit 134", 1, "2 passed, 1 failed")]
    [InlineData("true", 1, "0 passed, 1 failed")]
    [InlineData("exit 3", 1, "0 passed, 1 failed")]
    [InlineData("echo '0 passed, 0 failed'", 1, "0 passed, 1 failed")]
    public async Task A_runner_that_dies_or_runs_nothing_is_a_failure(string runner, int exitCode, string last)
    {
        var outcome = await Tally($"run() {{ ({runner}); }}; tally part read_own run; finish");
        Assert.Equal((exitCode, last), (outcome.ExitCode, outcome.Output.TrimEnd().Split('\n')[^1]));
    }

    [Fact]
    public async Task Parts_are_summed()
    {
        var outcome = await Tally("one() { echo '2 passed, 0 failed'; }; two() { echo '3 passed, 1 failed'; return 1; }; tally a read_own one; tally b read_own two; finish");
        Assert.EndsWith("\n5 passed, 1 failed\n", outcome.Output, StringComparison.Ordinal);
    }

    static Task<Outcome> Tally(string script) =>
        Shell.RunAsync(SmallHouse.Repository(), $"set -uo pipefail; by_name='' filter=''; . eng/test/tally.sh; {script}");
}
