using System.CommandLine;
using System.Threading.Channels;
using Parley.Client;
using Parley.Protocol;
using Parley.Protocol.Ids;
using MemberRole = Parley.Protocol.Wire.MemberRole;

namespace Parley.Cli.ClientCommands;

/// <summary>
/// <c>parley send</c>: one text, or each line of stdin. Prints each message when the server has it durably, in the order sent; rides out
/// restarts of the server by itself.
/// </summary>
static class SendCommand
{
    /// <summary>Messages on their way at once: what Welcome allows a device.</summary>
    const int InFlight = 256;

    public static Command Create()
    {
        var target = new Target("--to");
        var text = new Option<string?>("--text") { Description = "The message (markdown).", HelpName = "TEXT" };
        text.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError("--text must not be empty.");
        });
        var lines = new Option<bool>("--lines") { Description = "Send each line of stdin as a message; ends when all are acknowledged." };
        var options = new ClientOptions();
        var command = options.AddConnectedTo(target.AddTo(new("send", "Send messages.") { text, lines }));
        command.Validators.Add(result =>
        {
            if (result.GetResult(text) is null == result.GetResult(lines) is null)
                result.AddError("Give either --text TEXT or --lines.");
        });
        command.SetAction((parsed, _) => ClientCommand.WithPatientClientAsync(options, parsed, async (client, output, cancel) =>
        {
            var conversation = await target.FindAsync(client, parsed, cancel);
            if (parsed.GetValue(text) is not { } one)
                return await SendLinesAsync(client, conversation, output, cancel);
            Print(output, await SendAsync(client, conversation, one, cancel));
            return CommandLine.Done;
        }));
        return command;
    }

    static async Task<int> SendLinesAsync(ParleyClient client, ConversationId conversation, Output output, CancellationToken cancel)
    {
        // The channel's places and the one that is waited for are the messages in flight.
        var sent = Channel.CreateBounded<Task<SentMessage>>(InFlight - 1);
        var reading = ReadLinesAsync(client, conversation, sent.Writer, cancel);
        var exit = CommandLine.Done;
        await foreach (var message in sent.Reader.ReadAllAsync(cancel))
        {
            try
            {
                Print(output, await message);
            }
            catch (ParleyException refused)
            {
                exit = ClientCommand.Fail($"A message was refused: {refused.Message} ({refused.Code.WireName()})");
            }
        }
        await reading;
        return exit;
    }

    static async Task ReadLinesAsync(ParleyClient client, ConversationId conversation, ChannelWriter<Task<SentMessage>> sent, CancellationToken cancel)
    {
        try
        {
            using var input = new StreamReader(Console.OpenStandardInput());
            while (await input.ReadLineAsync(cancel) is { } line)
                await sent.WriteAsync(SendAsync(client, conversation, line, cancel), cancel);
        }
        finally
        {
            sent.Complete();
        }
    }

    static async Task<SentMessage> SendAsync(ParleyClient client, ConversationId conversation, string text, CancellationToken cancel)
    {
        try
        {
            return await client.SendAsync(conversation, text, cancel);
        }
        catch (ParleyException refused) when (refused.Code == ErrorCode.NotFound)
        {
            // The server tells strangers nothing; this device knows that it was a member once, at the latest when caught up.
            await client.WhenCaughtUpAsync(cancel);
            if (client.FindConversation(conversation)?.Role != MemberRole.Former)
                throw;
            throw new ParleyException(ErrorCode.NotFound, "You are not a member of this conversation any more.");
        }
    }

    static void Print(Output output, SentMessage message) =>
        output.Write(SentLine.Of(message), it => $"{it.Seq}  {it.ServerTime}  {it.ClientId}");
}
