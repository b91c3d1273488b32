using Parley.Engine.Boundary;
using Parley.Engine.Groups;
using Parley.Engine.Marks;
using Parley.Engine.Outbox;
using Parley.Engine.State;
using Parley.Engine.Sync;

namespace Parley.Engine;

/// <summary>The parts of an engine and how they hang together, from one start of the store to the next.</summary>
sealed class EngineParts
{
    readonly IFrameSource[] _sources;

    public EngineParts(StoreSnapshot store, ulong nowMs, ulong nextBatchId, List<EngineEffect> effects)
    {
        Core = new(store.Account, store.Device, effects, nextBatchId) { NowMs = nowMs };
        Answers = new(Core);
        Retries = new(Core);
        Requests = new(Core, Retries);
        People = new(Core, store.People);
        Marks = new(Core);
        Messages = new(Core, Requests, Retries) { OnAcked = (conversation, row) => Entries!.Acked(conversation, row) };
        Entries = new(Core, Messages, People);
        OutboxCommands = new(Core, Messages, Requests, Answers, store.Outbox.Select(row => row.Order).DefaultIfEmpty().Max());
        Snapshot = new(Core, People) { Cursor = store.Cursor, OnKnown = frame => Frames!.Take(frame) };
        ServerCommands = new(Core, Retries, Answers);
        Conversations = new(Core, ServerCommands, Snapshot, People, Answers);
        Pulls = new(Core, Retries, Entries, new(Core, Entries, OutboxCommands)) { OnGone = Conversations.OpenAgain };
        History = new(Core, Retries, Answers);
        MarkInputs = new(Core, Answers);
        Pulse = new(Core, Requests);
        // What a person waits for goes first, then marks, which are few, what is missing, and the messages that fill the window.
        _sources = [ServerCommands, History, Marks, Pulls, Messages];
        Connection = new(Core, Requests, Retries, Pulse) { OnLost = Lost, OnWelcome = People.AskAgain };
        Frames = new(this);
        Core.Ledger.OnStored = Marks.Stored;
        Load(store);
    }

    public Core Core { get; }

    public Answers Answers { get; }

    public Retries Retries { get; }

    public Requests Requests { get; }

    public People People { get; }

    public MarksToSend Marks { get; }

    public MarkInputs MarkInputs { get; }

    public Messages Messages { get; }

    public OutboxCommands OutboxCommands { get; }

    public Entries Entries { get; }

    public Snapshot Snapshot { get; }

    public ServerCommands ServerCommands { get; }

    public ConversationCommands Conversations { get; }

    public Pulls Pulls { get; }

    public History History { get; }

    public Pulse Pulse { get; }

    public Connection Connection { get; }

    public ServerFrames Frames { get; }

    void Load(StoreSnapshot store)
    {
        foreach (var row in store.Conversations)
            Core.WantPull(Core.Add(row));
        foreach (var row in store.Outbox)
        {
            if (Core.Find(row.Conversation) is not { } conversation)
                continue;
            var item = new OutboxItem(row) { IsStored = true };
            if (row.State == OutboxState.Pending)
                Messages.Add(conversation, item);
            else
                conversation.Line.Failed.Add(item);
        }
        foreach (var conversation in Core.Conversations)
            conversation.Line.Sort();
    }

    /// <summary>Ends a turn: what may be sent is sent, what changed goes to the store.</summary>
    public void EndTurn()
    {
        if (Connection.IsWelcome)
            Requests.Pump(_sources);
        // No frame of a turn rests on the turn's own batch, so the network need not wait for the store.
        Requests.Flush();
        Snapshot.MoveCursor();
        Core.Ledger.Flush();
        Retries.Flush();
        if (Connection.IsWelcome)
            People.Flush();
    }

    /// <summary>
    /// Before a stop: marks that wait for their interval go now. A program that reads what came and ends would else leave its peers
    /// without ticks until it runs again.
    /// </summary>
    public void SendLastMarks()
    {
        Marks.Hurry();
        if (Connection.IsWelcome)
            Requests.Pump([Marks]);
        Requests.Flush();
    }

    void Lost()
    {
        foreach (var source in _sources)
            source.Lost();
        Snapshot.Lost();
        Core.IsSynced = false;
    }
}
