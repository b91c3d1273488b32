using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Client;

public sealed partial class ParleyClient
{
    const int PageSize = 500;

    /// <summary>Sends a text (markdown). Completes when the server has it durably, for as long as that takes.</summary>
    /// <inheritdoc cref="SendAsync(ConversationId, MessageContent, CancellationToken)"/>
    public Task<SentMessage> SendAsync(ConversationId conversation, string text, CancellationToken cancel = default) =>
        SendAsync(conversation, new TextContent(text), cancel);

    /// <summary>
    /// Sends a message. Messages to one conversation arrive in the order of these calls. Completes when the server has it durably, for as
    /// long as that takes; if this program ends before, it is sent when the profile is opened again.
    /// </summary>
    /// <exception cref="ParleyException">The server refused it for good.</exception>
    /// <exception cref="ClientStoppedException">The client was closed or cannot go on.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> gave up waiting; the message is sent nevertheless.</exception>
    public async Task<SentMessage> SendAsync(ConversationId conversation, MessageContent content, CancellationToken cancel = default)
    {
        var key = Guid.CreateVersion7(_time.GetUtcNow()).ToString();
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        var command = new Send(0, _calls.NextId(), conversation, content, BitConverter.ToUInt64(random), RandomNumberGenerator.GetBytes(16), key);
        var ack = _calls.AddAsync(command);
        await _host.PostAsync(command).ConfigureAwait(false);
        return await ack.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Messages in the order of each conversation: first those stored since this reader last read, then new ones as they come, each once.
    /// The position is kept in the store under the reader's name: a message counts as handled when the next one is asked for; who stops
    /// after one says so by <see cref="SetPositionAsync"/>. Own messages of this device are left out.
    /// </summary>
    /// <exception cref="ClientStoppedException">The client cannot go on.</exception>
    public async IAsyncEnumerable<ReceivedMessage> MessagesAsync(string reader, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(reader);
        var seen = new Dictionary<ConversationId, ulong>();
        while (true)
        {
            var (changes, next) = _applied.ReadChanges(seen);
            foreach (var (conversation, upTo) in changes)
            {
                await foreach (var message in ReadNewAsync(reader, conversation, upTo, cancel).ConfigureAwait(false))
                    yield return message;
            }
            await next.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>This reader has handled everything up to and including <paramref name="seq"/>. Completes when that is durable.</summary>
    public Task SetPositionAsync(string reader, ConversationId conversation, ulong seq)
    {
        _host.Move(new(reader, conversation, seq));
        return _host.FlushAsync();
    }

    /// <summary>
    /// The last messages below <paramref name="before"/> (0 = the newest), rising. What this device does not hold is fetched, for which it waits
    /// for a connection.
    /// </summary>
    /// <exception cref="ParleyException">There is no such conversation.</exception>
    public async Task<IReadOnlyList<ReceivedMessage>> HistoryAsync(ConversationId conversation, ulong before = 0, int limit = 50, CancellationToken cancel = default)
    {
        var row = _store.FindConversation(conversation) ?? throw new ParleyException(ErrorCode.NotFound, $"There is no conversation {conversation}.");
        var end = before == 0 || before > row.Head + 1 ? row.Head + 1 : before;
        for (var wanted = (uint)limit; ; wanted += (uint)limit)
        {
            await RunAsync(id => new FetchHistory(0, id, conversation, end, wanted), cancel).ConfigureAwait(false);
            var rows = _store.ReadEntriesBefore(conversation, end, (int)wanted);
            var messages = rows.Where(IsMessage).TakeLast(limit).ToList();
            if (messages.Count < limit && rows.Count == wanted)
                continue;
            var answer = new List<ReceivedMessage>();
            foreach (var message in messages)
                answer.Add(await ToMessageAsync(message, cancel).ConfigureAwait(false));
            return answer;
        }
    }

    /// <summary>The person has seen everything up to <paramref name="seq"/>. Completes when it lies in the store; works offline.</summary>
    public Task MarkReadAsync(ConversationId conversation, ulong seq, CancellationToken cancel = default) =>
        RunAsync(id => new MarkRead(0, id, conversation, seq), cancel);

    /// <summary>How far each member has come, in the order of accounts.</summary>
    /// <exception cref="ParleyException">There is no such conversation.</exception>
    public async IAsyncEnumerable<Receipt> ReceiptsAsync(ConversationId conversation, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        AccountId? after = null;
        while (true)
        {
            var page = (ReceiptsRead)await RunAsync(id => new ReadReceipts(0, id, conversation, after), cancel).ConfigureAwait(false);
            foreach (var receipt in page.Receipts)
                yield return new(await FindPersonAsync(receipt.Account, cancel).ConfigureAwait(false), receipt.Delivered, receipt.Read);
            if (!page.More || page.Receipts.Count == 0)
                yield break;
            after = page.Receipts[^1].Account;
        }
    }

    async IAsyncEnumerable<ReceivedMessage> ReadNewAsync(string reader, ConversationId conversation, ulong upTo, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Positions on their way to the store are there after this.
        await _host.FlushAsync().WaitAsync(cancel).ConfigureAwait(false);
        var position = _store.FindPosition(reader, conversation) ?? LowestHeld(conversation) - 1;
        while (position < upTo)
        {
            var rows = _store.ReadEntries(conversation, position + 1, upTo, PageSize);
            foreach (var row in rows)
            {
                if (IsMessage(row) && row.Device != Device)
                    yield return await ToMessageAsync(row, cancel).ConfigureAwait(false);
                position = Math.Max(row.Seq, row.HiddenTo);
                _host.Move(new(reader, conversation, position));
            }
            if (rows.Count == 0)
                position = upTo;
        }
    }

    ulong LowestHeld(ConversationId conversation) => Math.Max(1, _store.FindConversation(conversation)?.Lowest ?? 1);

    static bool IsMessage(EntryRow row) => row is { Kind: EntryRowKind.Application, Counts: true };

    async ValueTask<ReceivedMessage> ToMessageAsync(EntryRow row, CancellationToken cancel) => new(
        row.Conversation, row.Seq, row.ClientId, await FindPersonAsync(row.Author, cancel).ConfigureAwait(false), row.Text,
        DateTimeOffset.FromUnixTimeMilliseconds((long)row.ServerTimeMs), row);
}
