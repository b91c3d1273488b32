using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Parley.Cli.Bench;

/// <summary>One server's figures of one round.</summary>
sealed record Round(double PerSecond, double CpuMicroseconds);

/// <summary>What <c>parley bench messages</c> measured.</summary>
sealed record MessagesResult(int Connections, double Seconds, IReadOnlyList<Round> Parley, IReadOnlyList<Round> Relay, IReadOnlyList<double> FdatasyncMs, long RefusedForPace)
{
    public double Ratio => Median(Ratios);

    IEnumerable<double> Ratios => Parley.Zip(Relay, (parley, relay) => parley.PerSecond / relay.PerSecond);

    public string ToText() => string.Create(CultureInfo.InvariantCulture,
        $"""
        {Connections} connections, {Parley.Count} rounds of {Seconds} s each
        parley   {Median(PerSecond(Parley)):F0} messages/s  ({Spread(PerSecond(Parley))}), {Median(Cpu(Parley)):F1} us of processor each
        relay    {Median(PerSecond(Relay)):F0} messages/s  ({Spread(PerSecond(Relay))}), {Median(Cpu(Relay)):F1} us of processor each
        ratio    {Ratio:F3}  ({Spread(Ratios, "F3")})
        fdatasync p50 {Percentile(0.5):F2} ms, p99 {Percentile(0.99):F2} ms
        """);

    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("connections", Connections);
            json.WriteNumber("seconds", Seconds);
            json.WriteNumber("rounds", Parley.Count);
            Write(json, "parley_per_s", Median(PerSecond(Parley)), 0);
            Write(json, "relay_per_s", Median(PerSecond(Relay)), 0);
            Write(json, "ratio", Ratio, 3);
            Write(json, "cpu_us_per_message", Median(Cpu(Parley)), 1);
            Write(json, "relay_cpu_us_per_message", Median(Cpu(Relay)), 1);
            Write(json, "parley_per_s_by_round", PerSecond(Parley), 0);
            Write(json, "relay_per_s_by_round", PerSecond(Relay), 0);
            Write(json, "ratio_by_round", Ratios, 3);
            Write(json, "fdatasync_ms_p50", Percentile(0.5), 2);
            Write(json, "fdatasync_ms_p99", Percentile(0.99), 2);
            json.WriteNumber("refused_for_pace", RefusedForPace);
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static IEnumerable<double> PerSecond(IEnumerable<Round> rounds) => rounds.Select(round => round.PerSecond);

    static IEnumerable<double> Cpu(IEnumerable<Round> rounds) => rounds.Select(round => round.CpuMicroseconds);

    static void Write(Utf8JsonWriter json, string name, double value, int digits) => json.WriteNumber(name, Math.Round(value, digits));

    static void Write(Utf8JsonWriter json, string name, IEnumerable<double> values, int digits)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(Math.Round(value, digits));
        json.WriteEndArray();
    }

    static string Spread(IEnumerable<double> values, string format = "F0") =>
        $"{values.Min().ToString(format, CultureInfo.InvariantCulture)} to {values.Max().ToString(format, CultureInfo.InvariantCulture)}";

    double Percentile(double part) => FdatasyncMs.Count == 0 ? 0 : FdatasyncMs.Order().ElementAt((int)((FdatasyncMs.Count - 1) * part));

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
