using System.Globalization;

namespace Parley.Protocol.Ids;

/// <summary>
/// What makes a retry free: a message is (device, n, random), n dense per device and conversation, random 8 bytes chosen by the
/// client. The server takes n = last + 1, answers an earlier (n, random) with the first ack, and refuses the rest.
/// </summary>
public readonly record struct ClientMessageId(DeviceId Device, ulong N, ulong Random)
{
    /// <summary>The text form <c>device:n:random</c>, random as 16 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device}:{N}:{Random:x16}");
}
