namespace Parley.Simulator.World;

/// <summary>What one seed decides before its run: how many people, how bad the network and the disk.</summary>
sealed record Plan
{
    public required int Accounts { get; init; }

    public required int SecondDevices { get; init; }

    public required int Groups { get; init; }

    /// <summary>Events to run before everything is healed.</summary>
    public required int StormEvents { get; init; }

    public required NetworkFaults Network { get; init; }

    /// <summary>Longest fsync, in milliseconds.</summary>
    public required int MaxFsyncMs { get; init; }

    /// <summary>Chance that an fsync fails with EIO, or finds the disk full, or is done but not heard of.</summary>
    public required double FsyncFault { get; init; }

    public required double ServerCrash { get; init; }

    public required double DeviceCrash { get; init; }

    public required double StaleOwner { get; init; }

    public required double StoreFailure { get; init; }

    /// <summary>A device is put back to an earlier backup of itself.</summary>
    public required double RolledBack { get; init; }

    public required double AcceptedLoss { get; init; }

    public static Plan For(SeededRandom random) => new()
    {
        Accounts = random.Between(3, 5),
        SecondDevices = random.Between(0, 2),
        Groups = random.Between(1, 2),
        StormEvents = random.Between(500, 900),
        Network = new(
            random.Pick([5, 40, 200]), random.Pick([0, 0.002, 0.02]),
            random.Pick([0, 0, 0.02]), random.Pick([0, 0, 0.02])),
        MaxFsyncMs = random.Pick([2, 20, 300]),
        FsyncFault = random.Pick([0, 0.01, 0.05]),
        ServerCrash = random.Pick([0.002, 0.01]),
        DeviceCrash = random.Pick([0.002, 0.01]),
        StaleOwner = random.Pick([0, 0.01]),
        StoreFailure = random.Pick([0, 0.002]),
        RolledBack = random.Pick([0, 0, 0.003]),
        AcceptedLoss = random.Pick([0, 0, 0.003]),
    };
}
