using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Parley.Cli.Commands;

/// <summary><c>parley admin invites …</c>: makes, lists and revokes invites.</summary>
static class InviteCommands
{
    public static Command Create() => new("invites", "Invites, with which people sign up.") { CreateCreate(), CreateList(), CreateRevoke() };

    static Command CreateCreate()
    {
        var (data, json) = (AdminSocketClient.DataOption(), Json());
        var uses = new Option<int?>("--uses") { Description = "How many accounts it makes (default 1).", HelpName = "N" };
        var expires = new Option<int?>("--expires") { Description = "How long it is good, in hours or days: 12h, 30d (default 7d).", HelpName = "TIME", CustomParser = ReadHours };
        var note = new Option<string?>("--note") { Description = "For whom or what it is; the list shows it.", HelpName = "TEXT" };
        var command = new Command("create", "Makes an invite and prints its link, once, as text and as a QR code.") { uses, expires, note, json, data };
        command.SetAction((parsed, cancel) => AdminSocketClient.RunAsync(parsed.GetValue(data), async server =>
        {
            var asked = new JsonObject();
            if (parsed.GetValue(uses) is { } count)
                asked["uses"] = count;
            if (parsed.GetValue(expires) is { } hours)
                asked["expiresInHours"] = hours;
            if (parsed.GetValue(note) is { } text)
                asked["note"] = text;
            Print(await server.AskAsync(HttpMethod.Post, "invites", asked, cancel), parsed.GetValue(json));
        }));
        return command;
    }

    static Command CreateList()
    {
        var (data, json) = (AdminSocketClient.DataOption(), Json());
        var command = new Command("list", "Lists all invites, the newest first. Their codes are known to nobody but who was given them.") { json, data };
        command.SetAction((parsed, cancel) => AdminSocketClient.RunAsync(parsed.GetValue(data), async server =>
        {
            var answer = await server.AskAsync(HttpMethod.Get, "invites", null, cancel);
            foreach (var invite in answer.GetProperty("invites").EnumerateArray())
                await Console.Out.WriteLineAsync(parsed.GetValue(json) ? invite.GetRawText() : Line(invite));
        }));
        return command;
    }

    static Command CreateRevoke()
    {
        var data = AdminSocketClient.DataOption();
        var id = new Argument<long>("id") { Description = "The invite's number in the list.", HelpName = "ID" };
        var command = new Command("revoke", "Revokes an invite: nobody signs up with it any more.") { id, data };
        command.SetAction((parsed, cancel) => AdminSocketClient.RunAsync(parsed.GetValue(data), server =>
            server.AskAsync(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"invites/{parsed.GetValue(id)}"), null, cancel)));
        return command;
    }

    static Option<bool> Json() => new("--json") { Description = "One JSON object a line on stdout." };

    static void Print(JsonElement invite, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(invite.GetRawText());
            return;
        }
        var url = invite.GetProperty("url").GetString()!;
        Console.Out.WriteLine(url);
        QrCode.Write(Console.Out, url, inColor: !Console.IsOutputRedirected);
        Console.Out.WriteLine($"Invite {Line(invite)}");
    }

    static string Line(JsonElement invite)
    {
        var note = invite.GetProperty("note").GetString()!;
        var state = invite.TryGetProperty("revoked", out var revoked) && revoked.GetBoolean() ? ", revoked" : "";
        return $"{invite.GetProperty("id")}: uses left {invite.GetProperty("usesLeft")}, until {invite.GetProperty("expiresAt")}{state}{(note.Length > 0 ? $"  {note}" : "")}";
    }

    static int? ReadHours(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var unit = text.Length > 1 ? char.ToLowerInvariant(text[^1]) : ' ';
        if (unit is 'h' or 'd' && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < 10_000)
            return unit == 'h' ? count : 24 * count;
        result.AddError($"--expires {text} is no time. Give hours or days, such as 12h or 30d.");
        return null;
    }
}
