using System.Runtime.CompilerServices;
using Parley.MessageLog.RocksDb;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley doctor --data DIR --verify</c>: reads everything in a stopped server's log that has a checksum, and names what is damaged.</summary>
static class VerifyLog
{
    // Apart, so that checking the way to a server loads nothing of the log.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Run(string data, Output output)
    {
        var folder = Path.Combine(data, "log");
        try
        {
            var damages = RocksDbMessageLog.Verify(folder);
            foreach (var damage in damages)
                output.Write(new CheckLine("log", false, damage.ToException().Message), it => $"FAIL {it.Detail}");
            if (damages.Count > 0)
                return ClientCommand.Fail($"The log in {folder} is damaged in {damages.Count} place(s). Nothing was changed.");
            output.Write(new CheckLine("log", true, $"{folder} has no damage"), it => $"ok   {it.Detail}");
            return CommandLine.Done;
        }
        catch (LogFolderException wrong) when (wrong.IsInUse)
        {
            return ClientCommand.Fail($"The data folder {data} is in use by process {Holder(data)}. Stop it first, then verify.");
        }
        catch (LogFolderException wrong)
        {
            return ClientCommand.Fail(wrong.Message);
        }
    }

    // The server writes it when it takes the folder.
    static string Holder(string data)
    {
        var file = Path.Combine(data, "parley.pid");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : "unknown";
    }
}
