using Parley.Engine.Boundary;
using Parley.Engine.Tests.Harness;
using Parley.Protocol;
using Parley.Protocol.Wire;

namespace Parley.Engine.Tests.Sync;

public sealed class ConnectionTests
{
    readonly Phone _phone = new();

    ConnectionState State => _phone.Of<ConnectionChanged>().Last().State;

    [Fact]
    public void The_engine_connects_at_once_when_it_is_opened() => Assert.Equal(new Connect(0, 0), _phone.Connects.Single());

    [Fact]
    public void Hello_carries_ticket_device_and_the_stored_cursor()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Crash();
        _phone.Do(new TransportFailed(_phone.NowMs, TransportFailure.Network));
        var probe = new Phone(_phone.Store);
        probe.Connect();
        Assert.Equal(new byte[] { 9, 9 }, _phone.Store.Cursor);
    }

    [Fact]
    public void The_state_goes_from_connecting_over_syncing_to_live()
    {
        _phone.GoLive(Frames.State(head: 0));
        Assert.Equal([ConnectionState.Connecting, ConnectionState.Syncing, ConnectionState.Live], _phone.Of<ConnectionChanged>().Select(e => e.State));
    }

    [Fact]
    public void The_delay_before_another_attempt_grows_and_is_jittered()
    {
        for (var i = 0; i < 9; i++)
            _phone.Do(new TransportFailed(_phone.NowMs, TransportFailure.Network));
        Assert.Equal([0u, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 32_000], _phone.Connects.Select(connect => connect.MaxDelayMs));
        Assert.All(_phone.Connects, connect => Assert.Equal(connect.MaxDelayMs / 4, connect.MinDelayMs));
    }

    [Fact]
    public void Being_live_makes_the_next_delay_short_again()
    {
        for (var i = 0; i < 5; i++)
            _phone.Do(new TransportFailed(_phone.NowMs, TransportFailure.Network));
        _phone.GoLive(Frames.State(head: 0));
        _phone.Lose();
        Assert.Equal(500u, _phone.Connects.Last().MaxDelayMs);
    }

    [Theory]
    [InlineData(CloseCode.SlowReader, true)]
    [InlineData(CloseCode.PingTimeout, true)]
    [InlineData(CloseCode.Replaced, true)]
    [InlineData(CloseCode.Unauthenticated, true)]
    [InlineData(CloseCode.Malformed, false)]
    [InlineData(CloseCode.DeviceRevoked, false)]
    public void The_close_code_says_whether_to_come_back(CloseCode code, bool comesBack)
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Connects.Clear();
        _phone.Lose((int)code);
        Assert.Equal(comesBack, _phone.Connects.Count == 1);
        Assert.Equal(comesBack ? ConnectionState.Offline : ConnectionState.Stopped, State);
    }

    [Fact]
    public void A_session_that_ended_stops_the_engine()
    {
        _phone.Do(new TransportFailed(_phone.NowMs, TransportFailure.Unauthorized));
        Assert.Contains(new Failed(EngineFailure.Unauthorized), _phone.Events);
        Assert.Single(_phone.Connects);
    }

    [Fact]
    public void Drain_brings_the_device_back_within_the_window()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Push(new ServerFrame { Drain = new() { MinMs = 1000, MaxMs = 6000 } });
        Assert.Equal(new Connect(1000, 6000), _phone.Connects.Last());
        Assert.False(_phone.IsConnected);
    }

    [Fact]
    public void Bytes_that_are_no_frame_end_the_connection()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Do(new Received(_phone.NowMs, [0xFF, 0xFF, 0xFF]));
        Assert.False(_phone.IsConnected);
        Assert.Equal(ConnectionState.Offline, State);
    }

    [Fact]
    public void A_probe_that_is_not_answered_in_five_seconds_ends_the_connection()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Do(new Probe(_phone.NowMs));
        _phone.Next(ClientFrame.CommandOneofCase.Ping);
        _phone.Wait(5_000);
        Assert.False(_phone.IsConnected);
    }

    [Fact]
    public void A_probe_that_is_answered_changes_nothing()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Do(new Probe(_phone.NowMs));
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.Ping), Frames.Done());
        _phone.Wait(5_000);
        Assert.True(_phone.IsConnected);
    }

    [Fact]
    public void A_probe_while_waiting_connects_at_once()
    {
        _phone.Do(new TransportFailed(_phone.NowMs, TransportFailure.Network));
        _phone.Do(new Probe(_phone.NowMs));
        Assert.Equal(new Connect(0, 0), _phone.Connects.Last());
    }

    [Fact]
    public void A_silent_connection_is_asked_and_then_given_up()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Wait(20_000);
        _phone.Wait(45_000);
        _phone.Next(ClientFrame.CommandOneofCase.Ping);
        _phone.Wait(20_000);
        Assert.False(_phone.IsConnected);
    }

    [Fact]
    public void Commands_that_need_the_server_wait_for_it_and_are_repeated()
    {
        _phone.Command((now, id) => new Boundary.OpenDirect(now, id, Cast.Bob));
        _phone.GoLive();
        _phone.Next(ClientFrame.CommandOneofCase.OpenDirect);
        _phone.Lose();
        _phone.GoLive();
        _phone.Reply(_phone.Next(ClientFrame.CommandOneofCase.OpenDirect), new() { Conversation = Frames.State(head: 0) });
        Assert.Equal(Cast.Chat, _phone.Of<CommandDone>().Single().Conversation);
        Assert.Equal(Cast.Bob, _phone.Row(Cast.Chat).Peer);
    }

    [Fact]
    public void After_stop_nothing_is_tried_any_more()
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Connects.Clear();
        _phone.Do(new Stop(_phone.NowMs));
        _phone.Do(new Probe(_phone.NowMs));
        Assert.Empty(_phone.Connects);
        Assert.False(_phone.IsConnected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_engine_that_stops_leaves_no_timer_behind(bool isAsked)
    {
        _phone.GoLive(Frames.State(head: 0));
        _phone.Do(new Probe(_phone.NowMs));
        Assert.Contains(EngineTimer.Answer, _phone.Timers.Keys);
        if (isAsked)
            _phone.Do(new Stop(_phone.NowMs));
        else
            _phone.Lose((int)CloseCode.DeviceRevoked);
        Assert.Equal(ConnectionState.Stopped, State);
        Assert.Empty(_phone.Timers);
    }
}
