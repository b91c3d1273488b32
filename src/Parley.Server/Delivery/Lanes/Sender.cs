using Parley.MessageLog;

namespace Parley.Server.Delivery.Lanes;

/// <summary>What a device has sent in a conversation: law 3 for its last n, and for what is on its way to the log.</summary>
sealed class Sender
{
    /// <summary>The last n given to the log, committed or on its way.</summary>
    public ulong LastN { get; set; }

    /// <summary>The last one committed.</summary>
    public SentMessage Last { get; set; }

    /// <summary>On their way to the log, by n.</summary>
    public Dictionary<ulong, SendCommit> InFlight { get; } = [];

    public static Sender From(SentMessage? last) => new() { LastN = last?.N ?? 0, Last = last ?? default };
}
