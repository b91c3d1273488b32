using System.CommandLine;
using Parley.Client;
using Parley.Protocol.Ids;

namespace Parley.Cli.ClientCommands;

/// <summary>
/// <c>parley tail</c>: the messages this profile has not printed yet, then new ones as they come. What is printed counts as delivered;
/// as read only with --read.
/// </summary>
static class TailCommand
{
    /// <summary>The name under which the store keeps how far this command has printed.</summary>
    const string Reader = "tail";

    /// <summary>In seconds; a timer cannot be set much further ahead.</summary>
    const double MaxTimeout = 1_000_000;

    public static Command Create()
    {
        var count = new Option<int?>("--count") { Description = "End after N messages; exit code 3 when fewer came in time.", HelpName = "N", CustomParser = result => Arguments.ParseNumber(result, 1, int.MaxValue, "a whole number from 1") };
        var timeout = new Option<double?>("--timeout") { Description = "End after S seconds.", HelpName = "S", CustomParser = result => Arguments.ParseNumber(result, 0.0, MaxTimeout, "a number of seconds, 0 to 1,000,000") };
        var read = new Option<bool>("--read") { Description = "Mark what is printed as read." };
        var options = new ClientOptions();
        var command = options.AddConnectedTo(new("tail", "Print messages: what was missed, then live.") { count, timeout, read });
        command.SetAction((parsed, _) => ClientCommand.WithPatientClientAsync(options, parsed, async (client, output, cancel) =>
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (parsed.GetValue(timeout) is { } seconds)
                end.CancelAfter(TimeSpan.FromSeconds(seconds));
            var tail = new Tail(client, output, parsed.GetValue(read));
            var wanted = parsed.GetValue(count);
            if (await tail.RunAsync(wanted ?? int.MaxValue, end.Token, cancel) || wanted is null)
                return CommandLine.Done;
            await Console.Error.WriteLineAsync($"parley: {tail.Printed} of {wanted} messages came within {parsed.GetValue(timeout)} s.");
            return CommandLine.NotInTime;
        }));
        return command;
    }

    sealed class Tail(ParleyClient client, Output output, bool marksRead)
    {
        readonly Dictionary<ConversationId, ulong> _printed = [];
        CancellationToken _cancel;

        public int Printed { get; private set; }

        /// <summary>True when all came before <paramref name="end"/>.</summary>
        public async Task<bool> RunAsync(int count, CancellationToken end, CancellationToken cancel)
        {
            _cancel = cancel;
            try
            {
                await foreach (var message in client.MessagesAsync(Reader, end))
                {
                    Print(message);
                    if (Printed == count)
                        break;
                }
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // the time is up
            }
            await MarkAsync();
            return Printed >= count;
        }

        void Print(ReceivedMessage message)
        {
            output.Write(MessageLine.Of(message), it => $"{it.ServerTime}  {it.From}: {it.Text ?? "(cannot be read)"}");
            Printed++;
            _printed[message.Conversation] = message.Seq;
        }

        async Task MarkAsync()
        {
            foreach (var (conversation, seq) in _printed)
            {
                await client.SetPositionAsync(Reader, conversation, seq);
                if (marksRead)
                    await client.MarkReadAsync(conversation, seq, _cancel);
            }
        }
    }
}
