using System.CommandLine;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley history</c>: older messages, fetched from the server where this device does not hold them.</summary>
static class HistoryCommand
{
    public static Command Create()
    {
        var target = new Target("--with");
        var before = new Option<ulong>("--before") { Description = "Only messages below this seq (default: the newest).", HelpName = "SEQ", CustomParser = result => Arguments.ParseNumber(result, ulong.MinValue, ulong.MaxValue, "a message's seq, a whole number") };
        var limit = new Option<int>("--limit")
        {
            Description = "At most N messages.",
            HelpName = "N",
            DefaultValueFactory = _ => 50,
            CustomParser = result => Arguments.ParseNumber(result, 1, 10_000, "a whole number, 1 to 10,000"),
        };
        var options = new ClientOptions();
        var command = options.AddConnectedTo(target.AddTo(new("history", "Print older messages of a conversation.") { before, limit }));
        command.SetAction((parsed, _) => ClientCommand.WithClientAsync(options, parsed, async (client, output, cancel) =>
        {
            var conversation = await target.FindAsync(client, parsed, cancel);
            await client.WhenIdleAsync(cancel);
            foreach (var message in await client.HistoryAsync(conversation, parsed.GetValue(before), parsed.GetValue(limit), cancel))
                output.Write(MessageLine.Of(message), it => $"{it.Seq}  {it.ServerTime}  {it.From}: {it.Text ?? "(cannot be read)"}");
            return CommandLine.Done;
        }));
        return command;
    }
}
