using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;
using Parley.Server.Accounts;
using Parley.Server.Devices;
using Parley.Server.Host;
using Parley.Server.Tests.Edge;

namespace Parley.Server.Tests.Delivery;

/// <summary>A whole server: Kestrel, SQLite, RocksDB and Orleans, on a data folder that outlives it.</summary>
sealed class WholeServer : IAsyncDisposable
{
    readonly ParleyServer _server;

    WholeServer(ParleyServer server)
    {
        _server = server;
        Services.GetRequiredService<ILoggerFactory>().AddProvider(Logged);
    }

    public IServiceProvider Services => _server.Services;

    public Uri Url => new(_server.Urls[0]);

    /// <summary>What it said in its log once it was up, at the level it was started with.</summary>
    public LogLines Logged { get; } = new();

    public static async Task<WholeServer> StartAsync(string folder, bool acceptLoss = false, LogLevel level = LogLevel.Error) => new(await ParleyServer.StartAsync(
        new()
        {
            DataFolder = folder,
            Urls = [ListenUrl.Default with { Port = 0 }],
            LogLevel = level,
            AcceptLoss = acceptLoss,
        },
        static cause => throw cause));

    /// <summary>An account with one device, made without a password.</summary>
    public async Task<(AccountId Account, DeviceId Device)> CreateAccountAsync()
    {
        var made = (await _server.Services.GetRequiredService<BulkAccounts>().CreateAsync(1, default))[0];
        Assert.True(AccountId.TryParse(made.Account, out var account) & DeviceId.TryParse(made.Device, out var device));
        return (account, device);
    }

    /// <summary>A socket that is caught up.</summary>
    public async Task<Socket> ConnectAsync((AccountId Account, DeviceId Device) who, byte[]? cursor = null)
    {
        var socket = new Socket();
        await socket.OpenAsync(new UriBuilder(Url) { Scheme = "ws", Path = "/api/v1/socket" }.Uri);
        await socket.AskAsync(new() { Hello = Hello(who, cursor) });
        await socket.UntilAsync(frame => frame.CaughtUp is not null);
        return socket;
    }

    /// <summary>A Hello with a ticket of its own.</summary>
    public Hello Hello((AccountId Account, DeviceId Device) who, byte[]? cursor = null) => new()
    {
        Ticket = Google.Protobuf.ByteString.CopyFrom(Services.GetRequiredService<Tickets>().Issue(who.Account, who.Device).Secret.ToArray()),
        Device = who.Device.ToByteString(),
        Cursor = Google.Protobuf.ByteString.CopyFrom(cursor ?? []),
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>The client's end.</summary>
    public sealed class Socket : IDisposable
    {
        readonly ClientWebSocket _socket = new();
        readonly byte[] _buffer = new byte[512 * 1024];
        int _read;
        ulong _lastId;

        public List<ServerFrame> Received { get; } = [];

        public byte[] Cursor => Received.Last(frame => frame.CaughtUp is not null).CaughtUp.Cursor.ToByteArray();

        public IEnumerable<ConversationState> Heads => Received.Where(frame => frame.Heads is not null).SelectMany(frame => frame.Heads.Conversations);

        public Task OpenAsync(Uri url)
        {
            _socket.Options.AddSubProtocol(FrameCodec.Subprotocol);
            return _socket.ConnectAsync(url, default);
        }

        public async Task<ServerFrame> AskAsync(ClientFrame frame)
        {
            frame.Id = ++_lastId;
            await _socket.SendAsync(FrameCodec.Encode(frame), WebSocketMessageType.Binary, true, default);
            return await UntilAsync(reply => reply.ReplyTo == frame.Id);
        }

        public async Task<ConversationId> OpenDirectAsync(AccountId peer)
        {
            var reply = await AskAsync(new() { OpenDirect = new() { Peer = peer.ToByteString() } });
            Assert.True(ConversationId.TryRead(reply.Conversation.Id.Span, out var chat));
            return chat;
        }

        public async Task<Sent> SendAsync(ConversationId chat, ulong n, ulong random, string text) => (await AskAsync(new()
        {
            Send = new() { Conversation = chat.ToByteString(), N = n, Random = random, Counts = true, Body = Google.Protobuf.ByteString.CopyFromUtf8(text) },
        })).Sent;

        public async Task<Page> PullAsync(ConversationId chat, ulong after, MessageId? at = null) =>
            (await AskAsync(new() { Pull = new() { Conversation = chat.ToByteString(), After = after, At = at } })).Page;

        public async Task<ServerFrame> UntilAsync(Func<ServerFrame, bool> isMeant)
        {
            while (true)
            {
                for (; _read < Received.Count; _read++)
                {
                    if (isMeant(Received[_read]))
                        return Received[_read++];
                }
                await ReadAsync();
            }
        }

        public void Dispose() => _socket.Dispose();

        async Task ReadAsync()
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var filled = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await _socket.ReceiveAsync(_buffer.AsMemory(filled), timeout.Token);
                filled += result.Count;
            }
            while (!result.EndOfMessage);
            Take(_buffer.AsSpan(0, filled));
        }

        void Take(ReadOnlySpan<byte> message)
        {
            while (FrameCodec.TryTakeFrame(ref message, out var frame))
                Received.Add(FrameCodec.DecodeServer(frame));
        }
    }
}
