namespace Parley.Client;

/// <summary>What a program may choose.</summary>
public sealed record ParleyClientOptions
{
    /// <summary>How frames travel.</summary>
    public TransportKind Transport { get; init; }

    /// <summary>The clock, for tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
