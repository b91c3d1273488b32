using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using Parley.Client;
using Parley.Protocol.Ids;

namespace Parley.Cli.ClientCommands;

/// <summary>Values of options that are not plain text; what is wrong with them is wrong usage.</summary>
static class Arguments
{
    public static Uri ParseServer(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var server) && server.Scheme is "http" or "https")
            return server;
        result.AddError($"--server {result.Tokens[0].Value} is no URL. Give one such as http://127.0.0.1:8080");
        return new("http://localhost");
    }

    public static ServerTrust? ParseTrust(ArgumentResult result)
    {
        try
        {
            return ServerTrust.Pin(result.Tokens[0].Value);
        }
        catch (FormatException)
        {
            result.AddError("--trust-fingerprint takes the SHA-256 of a certificate: 64 hexadecimal digits, colons allowed between.");
            return null;
        }
    }

    /// <summary>A number from min to max; <paramref name="allowed"/> says that in words. The default text of a wrong one names a .NET type.</summary>
    public static T ParseNumber<T>(ArgumentResult result, T min, T max, string allowed) where T : struct, INumber<T>
    {
        // NaN is within no bounds, which is right.
        if (T.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes {allowed}.");
        return min;
    }

    public static ConversationId? ParseConversation(ArgumentResult result)
    {
        if (ConversationId.TryParse(result.Tokens[0].Value, out var id))
            return id;
        result.AddError($"{result.Tokens[0].Value} is no conversation's id. `parley group list` and every printed message name ids.");
        return null;
    }

    public static DeviceId? ParseDevice(ArgumentResult result)
    {
        if (DeviceId.TryParse(result.Tokens[0].Value, out var id))
            return id;
        result.AddError($"{result.Tokens[0].Value} is no device's id. `parley devices` names them.");
        return null;
    }
}
