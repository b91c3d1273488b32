using System.Globalization;

namespace Parley.Protocol.Tests.Codes;

/// <summary>spec/errors.md against the enums, both ways.</summary>
public sealed class ErrorTablesTests
{
    [Fact]
    public void The_error_table_and_the_enum_say_the_same() => Assert.Equal(
        Enum.GetValues<ErrorCode>().Select(code => new Row((int)code, code.WireName(), code.IsTemporary())),
        Table("## Errors"));

    [Fact]
    public void The_close_table_and_the_enum_say_the_same() => Assert.Equal(
        Enum.GetValues<CloseCode>().Select(code => new Row((int)code, code.WireName(), code.MayReconnect())),
        Table("## Close codes"));

    [Fact]
    public void Every_row_says_what_it_means_and_what_the_client_does() => Assert.All(Rows("## Errors").Concat(Rows("## Close codes")), cells =>
    {
        Assert.Equal(5, cells.Length);
        Assert.EndsWith(".", cells[2], StringComparison.Ordinal);
        Assert.EndsWith(".", cells[4], StringComparison.Ordinal);
    });

    [Fact]
    public void The_transports_own_close_codes_mean_reconnect() => Assert.True(((CloseCode)1006).MayReconnect());

    static IEnumerable<Row> Table(string heading) =>
        Rows(heading).Select(cells => new Row(int.Parse(cells[0], CultureInfo.InvariantCulture), cells[1], cells[3] == "yes"));

    static IEnumerable<string[]> Rows(string heading) => File.ReadAllLines(Repository.Folder("spec", "errors.md"))
        .SkipWhile(line => line != heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    sealed record Row(int Code, string Name, bool Yes);
}
