namespace Parley.MessageLog;

/// <summary>Fences a writer: rises with each owner of a shard, and never leaves the servers.</summary>
public readonly record struct Term(ulong Value);

/// <summary>Who owns a shard: one run of one node.</summary>
public readonly record struct OwnerId(Guid Value);

/// <summary>Names one history of a log. Changes only when acknowledged history may be lost (restore, accepted corruption).</summary>
public readonly record struct Incarnation(Guid Value);
