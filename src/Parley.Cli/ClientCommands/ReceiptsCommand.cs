using System.CommandLine;
using Parley.Protocol.Ids;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley receipts</c>: how far each member has come.</summary>
static class ReceiptsCommand
{
    public static Command Create()
    {
        var conversation = new Option<ConversationId?>("--conversation") { Description = "The conversation's id.", HelpName = "ID", Required = true, CustomParser = Arguments.ParseConversation };
        var options = new ClientOptions();
        var command = options.AddConnectedTo(new("receipts", "Say how far each member of a conversation has come.") { conversation });
        command.SetAction((parsed, _) => ClientCommand.WithClientAsync(options, parsed, async (client, output, cancel) =>
        {
            var id = await Target.FindAsync(client, parsed.GetValue(conversation)!.Value, cancel);
            await foreach (var receipt in client.ReceiptsAsync(id, cancel))
            {
                var line = new ReceiptLine(id.ToString(), receipt.Who.Account.ToString(), receipt.Who.Name, receipt.Delivered, receipt.Read);
                output.Write(line, it => $"{it.Name}: delivered up to {it.Delivered}, read up to {it.Read}");
            }
            return CommandLine.Done;
        }));
        return command;
    }
}
