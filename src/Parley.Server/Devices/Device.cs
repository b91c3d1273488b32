using Parley.Protocol.Ids;
using Parley.Server.Kernel;

namespace Parley.Server.Devices;

/// <summary>One device of an account. Its token is stored as a hash only; revoking it removes the row.</summary>
sealed class Device
{
    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public required string Name { get; init; }

    public required byte[] TokenHash { get; init; }

    public required long CreatedAtMs { get; init; }

    /// <summary>Written behind, about every half minute.</summary>
    public long LastSeenAtMs { get; set; }

    /// <summary>A device that is not stored yet, and its token, which is stored nowhere.</summary>
    public static (Device Device, Secret Token) Create(AccountId account, string name, DateTimeOffset now)
    {
        var token = Secret.Create();
        var nowMs = now.ToUnixTimeMilliseconds();
        return (new Device
        {
            Id = DeviceId.Create(now).Value,
            AccountId = account.Value,
            Name = name,
            TokenHash = token.Hash(),
            CreatedAtMs = nowMs,
            LastSeenAtMs = nowMs,
        }, token);
    }
}
