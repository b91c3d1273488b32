using System.Text;
using Parley.MessageLog;
using Parley.Protocol.Wire;

namespace Parley.Simulator.Log;

/// <summary>
/// The texts of a run: unique, between guillemets wherever the content format puts them, and an edit says so, so that the checker
/// can tell what is a message without trusting the flag it judges.
/// </summary>
static class SimulatedText
{
    public static string Create(int number, bool edit) => edit ? $"«edit {number}»" : $"«text {number}»";

    public static string Of(StoredEntry entry)
    {
        var body = Encoding.UTF8.GetString(entry.Body.Span);
        var start = body.LastIndexOf('«');
        var end = body.LastIndexOf('»');
        return start >= 0 && end > start ? body[start..(end + 1)] : "";
    }

    public static bool IsMessage(StoredEntry entry) =>
        entry.Kind == EntryKind.Application && Of(entry).StartsWith("«text", StringComparison.Ordinal);
}
