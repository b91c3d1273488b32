using System.Diagnostics;

namespace Parley.House.Tests;

/// <summary>./parley: builds what changed, once, and leaves stdout to the command.</summary>
public sealed class EntryTests : IDisposable
{
    readonly SmallHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task The_first_call_builds_and_runs_with_all_arguments()
    {
        var outcome = await _house.RunAsync("./parley send --text 'two words'");
        Assert.Equal(new(0, "ran send --text two words\n", outcome.Errors), outcome);
        Assert.Contains("a line of the build", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nothing_changed_nothing_is_built_and_nothing_is_said()
    {
        await _house.RunAsync("./parley");
        Assert.Equal(new(0, "ran tail\n", ""), await _house.RunAsync("./parley tail"));
        Assert.Equal(1, _house.Publishes);
    }

    [Theory]
    [InlineData("echo two >src/Parley.Cli/Program.cs")]
    [InlineData("echo new >src/Parley.Cli/New.cs")]
    [InlineData("rm src/Parley.Cli/Old.cs")]
    [InlineData("echo '<Project/>' >Directory.Packages.props")]
    [InlineData("rm -r artifacts")]
    public async Task A_change_builds_again(string change)
    {
        _house.Write("src/Parley.Cli/Old.cs", "old");
        await _house.RunAsync("./parley");
        Assert.Equal("ran x\n", (await _house.RunAsync($"{change}; ./parley x")).Output);
        Assert.Equal(2, _house.Publishes);
    }

    [Fact]
    public async Task A_lost_application_is_put_together_again()
    {
        await _house.RunAsync("./parley");
        Assert.Equal("ran x\n", (await _house.RunAsync("rm -r artifacts/app; ./parley x")).Output);
        Assert.Equal(1, _house.Publishes);
    }

    [Fact]
    public async Task Concurrent_calls_wait_for_one_build()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => _house.RunAsync($"./parley {i}")));
        Assert.Equal(["ran 0\n", "ran 1\n", "ran 2\n", "ran 3\n", "ran 4\n"], outcomes.Select(outcome => outcome.Output));
        Assert.Equal(1, _house.Publishes);
    }

    [Fact]
    public async Task A_failed_build_runs_nothing_and_is_tried_again()
    {
        _house.Write("src/Parley.Cli/Program.cs", "broken");
        for (var i = 0; i < 2; i++)
        {
            var outcome = await _house.RunAsync("./parley serve");
            Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
            Assert.Contains("it is broken", outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("dotnet", ".NET SDK 10")]
    [InlineData("git", "apt-get install -y git")]
    public async Task What_is_missing_is_named_with_the_line_that_installs_it(string tool, string named)
    {
        _house.RemoveTool(tool);
        var outcome = await _house.RunAsync("./parley serve");
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(named, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_is_asked_for_only_by_the_pages()
    {
        Assert.Equal(0, (await _house.RunAsync("./parley")).ExitCode);
        _house.Write("web/package.json", "{}");
        var outcome = await _house.RunAsync("./parley");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Node.js", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_that_still_runs_keeps_its_folder()
    {
        await _house.RunAsync("./parley");
        var first = Directory.GetDirectories(Path.Combine(_house.Root, "artifacts", "app")).Single();
        File.Copy("/bin/sleep", Path.Combine(first, "server"));
        using var server = Process.Start(Path.Combine(first, "server"), "60");
        await _house.RunAsync("echo two >src/Parley.Cli/Program.cs; ./parley");
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_house.Root, "artifacts", "app")).Length);
        server.Kill();
        await server.WaitForExitAsync();
        await _house.RunAsync("echo three >src/Parley.Cli/Program.cs; ./parley");
        Assert.Single(Directory.GetDirectories(Path.Combine(_house.Root, "artifacts", "app")));
    }
}
