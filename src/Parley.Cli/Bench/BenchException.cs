namespace Parley.Cli.Bench;

/// <summary>A measurement that did not come about, with what to do.</summary>
sealed class BenchException(string message, Exception? cause = null) : Exception(message, cause);
