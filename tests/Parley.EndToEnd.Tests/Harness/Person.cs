using System.Diagnostics;
using System.Text.Json;

namespace Parley.EndToEnd.Tests.Harness;

/// <summary>What a command printed and how it ended.</summary>
sealed record Outcome(int Exit, IReadOnlyList<string> Lines, string Errors)
{
    public IReadOnlyList<JsonElement> Json => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>The one line printed; fails with what was said otherwise.</summary>
    public JsonElement One
    {
        get
        {
            Assert.True(Exit == 0, $"exit code {Exit}: {Errors}");
            return Assert.Single(Json);
        }
    }
}

/// <summary>One device of an account, used by the command line.</summary>
sealed class Person(string name, string profile)
{
    public const string Password = "correct horse battery";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    public string Name => name;

    public string Profile => profile;

    public static async Task<Person> SignUpAsync(string server, TemporaryFolder folder, string name, params string[] more)
    {
        var person = new Person(name, folder[name]);
        var outcome = await person.FeedAsync(Password + "\n", ["signup", "--server", server, "--name", name, "--password-stdin", .. more]);
        Assert.True(outcome.Exit == 0, outcome.Errors);
        return person;
    }

    public static async Task<Person> LogInAsync(string server, TemporaryFolder folder, string name, string profile)
    {
        var person = new Person(name, folder[profile]);
        var outcome = await person.FeedAsync(Password + "\n", "login", "--server", server, "--name", name, "--password-stdin");
        Assert.True(outcome.Exit == 0, outcome.Errors);
        return person;
    }

    /// <summary>Runs a command with --json and this profile to its end.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => FeedAsync("", arguments);

    public async Task<Outcome> FeedAsync(string stdin, params string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(stdin);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Starts a command with --json and this profile.</summary>
    public Process Start(params string[] arguments) => Executable.Start([.. arguments, "--profile", profile, "--json"]);

    /// <summary>Reads what is still to come of a command and waits for its end.</summary>
    public static async Task<Outcome> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            process.Kill();
            throw new TimeoutException($"The command did not end within {Patience}. It printed {(await output).Split('\n').Length} lines and said: {await errors}");
        }
        return new(process.ExitCode, (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries), await errors);
    }

    public async Task<JsonElement> SendAsync(string to, string text) => (await RunAsync("send", "--to", to, "--text", text)).One;

    public Task<Outcome> TailAsync(int count, params string[] more) => RunAsync(["tail", "--count", $"{count}", "--timeout", "60", .. more]);
}
