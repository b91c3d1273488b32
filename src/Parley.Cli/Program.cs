using System.CommandLine;
using Parley.Cli;
using Parley.Cli.Bench;
using Parley.Cli.Commands;

// One line per command. Nothing heavier than the command line itself may load before a command runs: `--version` is asked by scripts.
var root = new RootCommand("Parley: a chat service, its command line and its load tool.")
{
    ServeCommand.Create(),
    BenchCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
