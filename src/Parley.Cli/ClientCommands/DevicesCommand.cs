using System.CommandLine;
using Parley.Protocol.Ids;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley devices</c>: the account's devices, and revoking one.</summary>
static class DevicesCommand
{
    public static Command Create()
    {
        var options = new ClientOptions();
        var command = options.AddTo(new("devices", "List the account's devices."));
        command.SetAction((parsed, _) => ClientCommand.WithApiAsync(options, parsed, async (_, api, output, cancel) =>
        {
            foreach (var device in await api.ListDevicesAsync(cancel))
            {
                var line = new DeviceLine(device.Id.ToString(), device.Name, OutputTime.Of(device.CreatedAt), OutputTime.Of(device.LastSeenAt), device.IsCurrent);
                output.Write(line, it => $"{it.Device}  {it.Name}  last seen {it.LastSeenAt}{(it.Current ? "  (this one)" : "")}");
            }
            return CommandLine.Done;
        }));
        command.Subcommands.Add(CreateRevoke());
        return command;
    }

    static Command CreateRevoke()
    {
        var id = new Argument<DeviceId?>("ID") { Description = "The device's id, as `parley devices` lists it.", CustomParser = Arguments.ParseDevice };
        var options = new ClientOptions();
        var command = options.AddTo(new("revoke", "Revoke a device: its connections are closed and its login is worth nothing.") { id });
        command.SetAction((parsed, _) => ClientCommand.WithApiAsync(options, parsed, async (_, api, output, cancel) =>
        {
            var device = parsed.GetValue(id)!.Value;
            await api.RevokeDeviceAsync(device, cancel);
            output.Say($"{device} is revoked.");
            return CommandLine.Done;
        }));
        return command;
    }
}
