using System.Diagnostics;
using Parley.Simulator.World;

namespace Parley.Simulator;

/// <summary>Runs seeds and says what came of them.</summary>
sealed class SimulatorRun(Options options, TextWriter output)
{
    const int SeedsPerMutant = 400;

    public int Run()
    {
        if (options.AllMutants)
            return RunMutants();
        Plant(options.Mutant);
        var watch = Stopwatch.StartNew();
        var (passed, failed, events, messages) = (0, 0, 0L, 0L);
        var faults = new SortedDictionary<string, int>();
        for (var seed = options.First; seed < options.First + options.Seeds; seed++)
        {
            var outcome = Simulation.Run(seed);
            (events, messages) = (events + outcome.Events, messages + outcome.Messages);
            foreach (var (fault, count) in outcome.Faults)
                faults[fault] = faults.GetValueOrDefault(fault) + count;
            if (options.History)
                Print(outcome.History);
            if (outcome.Violations.Count == 0)
                passed++;
            else
                Report(outcome, ++failed);
        }
        output.WriteLine($"{options.Seeds} seeds, {events} events, {messages} messages in {watch.Elapsed.TotalSeconds:f1} s; {string.Join(", ", faults.Select(pair => $"{pair.Key} {pair.Value}"))}");
        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    void Print(Checker.History history)
    {
        foreach (var observation in history.Observations)
            output.WriteLine(observation);
    }

    void Report(Outcome outcome, int failed)
    {
        if (failed > 10)
            return;
        output.WriteLine($"seed {outcome.Seed} broke a law after {outcome.Events} events; again: ./parley simulate --seed {outcome.Seed}{(options.Mutant is null ? "" : " --mutant " + options.Mutant)}");
        foreach (var violation in outcome.Violations.Take(5))
            output.WriteLine($"  {violation.Law}: {violation.What}");
    }

    /// <summary>Each planted bug must be caught, by the law it breaks.</summary>
    int RunMutants()
    {
        var (passed, failed) = (0, 0);
#if PARLEY_MUTANTS
        foreach (var mutant in Protocol.Mutants.All)
        {
            Plant(mutant);
            var caught = Catch();
            output.WriteLine(caught is null
                ? $"mutant {mutant}: NOT caught in {SeedsPerMutant} seeds"
                : $"mutant {mutant}: caught by seed {caught.Seed} as {string.Join(", ", caught.Violations.Select(violation => violation.Law).Distinct())}");
            (passed, failed) = caught is null ? (passed, failed + 1) : (passed + 1, failed);
        }
#else
        output.WriteLine("This build has no mutants: build with -p:Mutants=true.");
        failed++;
#endif
        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    Outcome? Catch()
    {
        for (var seed = options.First; seed < options.First + SeedsPerMutant; seed++)
        {
            var outcome = Simulation.Run(seed);
            if (outcome.Violations.Count > 0)
                return outcome;
        }
        return null;
    }

    static void Plant(string? mutant)
    {
#if PARLEY_MUTANTS
        if (mutant is not null && !Protocol.Mutants.All.Contains(mutant))
            throw new ArgumentException($"\"{mutant}\" is not a mutant: {string.Join(", ", Protocol.Mutants.All)}.");
        Protocol.Mutants.Planted = mutant;
#else
        if (mutant is not null)
            throw new ArgumentException("This build has no mutants: build with -p:Mutants=true.");
#endif
    }
}
