using System.Diagnostics;
using System.Globalization;
using Parley.Idle;

// What an idle, greeted connection costs a server in memory, for the socket that serves and the one that was considered:
//   parley-idle [CONNECTIONS]     one JSON object per kind of socket
// The server is a process of its own; its bytes are read after a full collection, before and after all have connected.
if (args is ["serve", var kind])
    return await IdleServer.RunAsync(kind);

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
foreach (var one in IdleServer.Kinds)
{
    using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", one]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    var url = new Uri((await server.StandardOutput.ReadLineAsync())!["ready ".Length..]);
    // A hundred first: code is compiled, pools are filled.
    var clients = await IdleClient.ConnectAsync(url, 100);
    var before = await MeasureAsync(server);
    clients.AddRange(await IdleClient.ConnectAsync(url, count));
    var after = await MeasureAsync(server);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $$"""{"socket":"{{one}}","connections":{{count}},"managed_bytes":{{(after.Managed - before.Managed) / count}},"resident_bytes":{{(after.Resident - before.Resident) / count}}}"""));
    server.Kill();
    foreach (var client in clients)
        client.Dispose();
}
return 0;

static async Task<(long Managed, long Resident)> MeasureAsync(Process server)
{
    await server.StandardInput.WriteLineAsync("measure");
    await server.StandardInput.FlushAsync();
    var fields = (await server.StandardOutput.ReadLineAsync())!.Split(' ');
    return (long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture));
}
