namespace Parley.Protocol;

/// <summary>What a client needs to know about a code besides its name.</summary>
public static class CodeTables
{
    /// <summary>
    /// The same command, unchanged and under the same ids, may succeed later by waiting alone: limits (4xxx) and the server's own
    /// trouble (5xxx). All of 5xxx, since none of them rules out that a send was stored: a client that gave its n to another message
    /// would meet <see cref="ErrorCode.IdReused"/>.
    /// </summary>
    public static bool IsTemporary(this ErrorCode code) => (int)code >= 4000;

    /// <summary>The code's name on the wire, in logs and in JSON: snake case, as in <c>storage_full</c>.</summary>
    public static string WireName(this ErrorCode code) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    /// <summary>The code's name in logs and in spec/errors.md: snake case, as in <c>slow_reader</c>.</summary>
    public static string WireName(this CloseCode code) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    /// <summary>Reconnect (with jitter) after a close with this code; codes below 4000 are the transport's own and mean yes.</summary>
    public static bool MayReconnect(this CloseCode code) => (int)code < 4400;
}
