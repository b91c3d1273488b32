using System.Text;
using System.Text.Json;

namespace Parley.Cli.ClientCommands;

/// <summary>stdout of a client command: JSON lines or text for people, each line flushed at once: somebody may be reading along.</summary>
sealed class Output(bool json)
{
    static readonly TextWriter Out = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };

    public void Write<T>(T line, Func<T, string> text) where T : class =>
        Out.WriteLine(json ? JsonSerializer.Serialize(line, typeof(T), OutputJson.Lines) : text(line));

    /// <summary>A line for people only.</summary>
    public void Say(string text)
    {
        if (!json)
            Out.WriteLine(text);
    }
}
