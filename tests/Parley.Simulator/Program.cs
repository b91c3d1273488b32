using System.Globalization;

namespace Parley.Simulator;

/// <summary>
/// <c>parley simulate [--seed S | --seeds N [--from S]] [--mutant NAME | --mutants] [--history]</c>: runs seeds, prints what broke and how to run
/// it again, and ends with <c>N passed, N failed</c>.
/// </summary>
static class Program
{
    static int Main(string[] args)
    {
        try
        {
            return new SimulatorRun(Options.Parse(args), Console.Out).Run();
        }
        catch (ArgumentException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }

    internal static ulong Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"\"{text}\" is not a number.");
}
