using System.CommandLine;
using Parley.Cli;
using Parley.Cli.Bench;
using Parley.Cli.ClientCommands;
using Parley.Cli.Commands;

// One line per command. Nothing heavier than the command line itself may load before a command runs: `--version` is asked by scripts.
var root = new RootCommand("Parley: a chat service, its command line and its load tool.")
{
    ServeCommand.Create(),
    AdminCommand.Create(),
    BenchCommand.Create(),
    SessionCommands.SignUp(),
    SessionCommands.LogIn(),
    LogOutCommand.Create(),
    WhoAmICommand.Create(),
    ProfileCommand.Create(),
    PasswordCommand.Create(),
    RecoveryCodesCommand.Create(),
    DeleteAccountCommand.Create(),
    DevicesCommand.Create(),
    SendCommand.Create(),
    TailCommand.Create(),
    HistoryCommand.Create(),
    GroupCommand.Create(),
    ReceiptsCommand.Create(),
    DoctorCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
