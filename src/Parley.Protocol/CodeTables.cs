namespace Parley.Protocol;

/// <summary>What a client needs to know about a code besides its name.</summary>
public static class CodeTables
{
    /// <summary>The same command may succeed later, unchanged.</summary>
    public static bool IsTemporary(this ErrorCode code) => (int)code is >= 4000 and < 5003;

    /// <summary>The code's name on the wire, in logs and in JSON: snake case, as in <c>storage_full</c>.</summary>
    public static string WireName(this ErrorCode code) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    /// <summary>Reconnect (with jitter) after a close with this code; codes below 4000 are the transport's own and mean yes.</summary>
    public static bool MayReconnect(this CloseCode code) => (int)code < 4400;
}
