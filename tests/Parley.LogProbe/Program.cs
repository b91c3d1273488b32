using System.Globalization;
using Parley.LogProbe;

switch (args)
{
    case ["write", var folder]:
        await Writing.RunAsync(folder, synced: true);
        return 0;
    case ["write-unsynced", var folder]:
        await Writing.RunAsync(folder, synced: false);
        return 0;
    case ["last", var folder]:
        await Writing.PrintLastAsync(folder);
        return 0;
    case ["bench", var folder, var writers, var seconds]:
        var duration = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        return await Bench.RunAsync(folder, int.Parse(writers, CultureInfo.InvariantCulture), duration, bodyBytes: 160);
    default:
        await Console.Error.WriteLineAsync("usage: write FOLDER | write-unsynced FOLDER | last FOLDER | bench FOLDER WRITERS SECONDS");
        return 2;
}
