namespace Parley.Simulator;

/// <summary>What the command line asks for.</summary>
sealed record Options
{
    public ulong First { get; init; } = 1;

    public ulong Seeds { get; init; } = 2_000;

    public string? Mutant { get; init; }

    /// <summary>Every mutant in turn, each of which must be caught.</summary>
    public bool AllMutants { get; init; }

    /// <summary>Prints everything that was seen.</summary>
    public bool History { get; init; }

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            options = args[i] switch
            {
                "--seed" => options with { First = Program.Number(value), Seeds = 1 },
                "--seeds" => options with { Seeds = Program.Number(value) },
                "--from" => options with { First = Program.Number(value) },
                "--mutant" => options with { Mutant = value },
                "--history" => options with { History = true },
                "--mutants" => options with { AllMutants = true },
                _ => throw new ArgumentException($"\"{args[i]}\" is not an option: --seed S, --seeds N, --from S, --mutant NAME, --mutants, --history."),
            };
            i += args[i] is "--mutants" or "--history" ? 0 : 1;
        }
        return options;
    }
}
