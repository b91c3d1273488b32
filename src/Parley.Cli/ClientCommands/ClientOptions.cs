using System.CommandLine;
using Parley.Client;

namespace Parley.Cli.ClientCommands;

/// <summary>What all client commands take.</summary>
sealed class ClientOptions
{
    readonly Option<string?> _profile = new("--profile")
    {
        Description = "Folder of this device: its login, its messages, its outbox (default $XDG_CONFIG_HOME/parley or ~/.config/parley).",
        HelpName = "DIR",
    };

    readonly Option<bool> _json = new("--json") { Description = "One JSON object a line on stdout." };

    readonly Option<string> _transport = new("--transport")
    {
        Description = "auto, websocket or stream (event stream and POSTs, for networks without WebSocket).",
        HelpName = "KIND",
        DefaultValueFactory = _ => "auto",
    };

    public ClientOptions() => _transport.AcceptOnlyFromAmong("auto", "websocket", "stream");

    /// <summary>Adds the options to a command that only talks HTTP.</summary>
    public Command AddTo(Command command)
    {
        command.Options.Add(_profile);
        command.Options.Add(_json);
        return command;
    }

    /// <summary>Adds the options to a command that connects.</summary>
    public Command AddConnectedTo(Command command)
    {
        AddTo(command).Options.Add(_transport);
        return command;
    }

    public string Profile(ParseResult parsed)
    {
        if (parsed.GetValue(_profile) is { } given)
            return given;
        var config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(config, "parley");
    }

    public Output Output(ParseResult parsed) => new(parsed.GetValue(_json));

    public ParleyClientOptions Client(ParseResult parsed) => new()
    {
        Transport = parsed.GetValue(_transport) switch
        {
            "websocket" => TransportKind.WebSocket,
            "stream" => TransportKind.EventStream,
            _ => TransportKind.Automatic,
        },
    };
}
