using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Delivery;

public sealed class ConversationLimitTests : IAsyncDisposable
{
    readonly MemoryLog _log = new() { IsImmediate = true };
    readonly Person _alice = new("alice"), _bob = new("bob"), _carol = new("carol");

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Two_first_commands_of_an_account_at_once_both_pass_its_limit()
    {
        var node = new DeliveryNode(_log);
        var (alice, carol) = (await node.SyncAsync(_alice), await node.SyncAsync(_carol));
        var carolsIndex = new TaskCompletionSource();
        _log.BeforeIndex = account => account == _carol.Account ? carolsIndex.Task : Task.CompletedTask;

        // Carol's command has found alice's count unknown, and waits; alice's own command reads the count in between.
        var slow = carol.Send(Open(_alice));
        Assert.Equal(ServerFrame.BodyOneofCase.Conversation, (await alice.AskAsync(Open(_bob))).BodyCase);
        carolsIndex.SetResult();

        Assert.Equal(ServerFrame.BodyOneofCase.Conversation, (await carol.ReplyAsync(slow)).BodyCase);
    }

    static ClientFrame Open(Person peer) => new() { OpenDirect = new() { Peer = peer.Account.ToByteString() } };
}
