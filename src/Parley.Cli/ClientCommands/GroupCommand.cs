using System.CommandLine;
using Parley.Client;
using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Cli.ClientCommands;

/// <summary><c>parley group</c>: create, add, remove, leave, list.</summary>
static class GroupCommand
{
    public static Command Create() => new("group", "Make groups and change who is in them.")
    {
        CreateCreate(),
        CreateChange("add", "Add members (owners only).", accounts => new AddMembers(accounts)),
        CreateChange("remove", "Remove members (owners only).", accounts => new RemoveMembers(accounts)),
        CreateLeave(),
        CreateList(),
    };

    static Command CreateCreate()
    {
        var title = new Option<string>("--title") { Description = "1-100 characters.", HelpName = "T", Required = true };
        var members = Members();
        var options = new ClientOptions();
        var command = options.AddConnectedTo(new("create", "Make a group; you own it.") { title, members });
        command.SetAction((parsed, _) => ClientCommand.WithClientAsync(options, parsed, async (client, output, cancel) =>
        {
            var accounts = await FindAsync(client, parsed.GetRequiredValue(members), cancel);
            var group = await client.CreateGroupAsync(parsed.GetRequiredValue(title), accounts, cancel);
            output.Write(new GroupChangeLine(group.ToString(), 1), it => it.Conversation);
            return CommandLine.Done;
        }));
        return command;
    }

    static Command CreateChange(string name, string description, Func<IReadOnlyList<AccountId>, GroupChange> change)
    {
        var members = Members();
        return CreateChange(new(name, description) { members }, async (client, parsed, cancel) =>
            change(await FindAsync(client, parsed.GetRequiredValue(members), cancel)));
    }

    static Command CreateLeave() =>
        CreateChange(new("leave", "Leave a group; what was written while you were in it stays yours to read."), (_, _, _) => Task.FromResult<GroupChange>(new LeaveGroup()));

    static Command CreateChange(Command command, Func<ParleyClient, ParseResult, CancellationToken, Task<GroupChange>> change)
    {
        var conversation = new Option<ConversationId?>("--conversation") { Description = "The group's id.", HelpName = "ID", Required = true, CustomParser = Arguments.ParseConversation };
        command.Options.Add(conversation);
        var options = new ClientOptions();
        options.AddConnectedTo(command).SetAction((parsed, _) => ClientCommand.WithClientAsync(options, parsed, async (client, output, cancel) =>
        {
            var group = await Target.FindAsync(client, parsed.GetValue(conversation)!.Value, cancel);
            var seq = await client.ChangeGroupAsync(group, await change(client, parsed, cancel), cancel);
            output.Write(new GroupChangeLine(group.ToString(), seq), it => it.Seq == 0 ? "Nothing had to change." : $"Done, entry {it.Seq}.");
            return CommandLine.Done;
        }));
        return command;
    }

    static Command CreateList()
    {
        var options = new ClientOptions();
        var command = options.AddConnectedTo(new("list", "List one's groups, newest first."));
        command.SetAction((parsed, _) => ClientCommand.WithClientAsync(options, parsed, async (client, output, cancel) =>
        {
            await client.WhenCaughtUpAsync(cancel);
            foreach (var row in client.Conversations.Where(row => row.Kind == ConversationKind.Group))
            {
                var line = new GroupLine(row.Id.ToString(), row.Title, row.Role.ToString().ToLowerInvariant(), row.Members, row.Head, row.Unread);
                output.Write(line, it => $"{it.Conversation}  {it.Title}  ({it.Role}, {it.Members} members, {it.Unread} unread)");
            }
            return CommandLine.Done;
        }));
        return command;
    }

    static Option<string[]> Members() => new("--member") { Description = "An account's name; may be repeated.", HelpName = "NAME", Required = true, AllowMultipleArgumentsPerToken = true };

    static async Task<IReadOnlyList<AccountId>> FindAsync(ParleyClient client, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var accounts = new List<AccountId>();
        foreach (var name in names)
        {
            var person = await client.FindPersonAsync(name, cancel) ?? throw new ParleyException(ErrorCode.NotFound, $"There is no account named {name}.");
            accounts.Add(person.Account);
        }
        return accounts;
    }
}
