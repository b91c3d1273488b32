using System.CommandLine;
using System.CommandLine.Parsing;
using Parley.Client;
using Parley.Protocol;
using Parley.Protocol.Ids;

namespace Parley.Cli.ClientCommands;

/// <summary>The conversation a command is about: somebody's name, or an id.</summary>
sealed class Target(string nameOption)
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly Option<string?> _name = new(nameOption) { Description = "The direct chat with this account; one's own name: the notes.", HelpName = "NAME" };

    readonly Option<ConversationId?> _conversation = new("--conversation")
    {
        Description = "The conversation's id.",
        HelpName = "ID",
        CustomParser = Arguments.ParseConversation,
    };

    public Command AddTo(Command command)
    {
        command.Options.Add(_name);
        command.Options.Add(_conversation);
        command.Validators.Add(CheckOne);
        return command;
    }

    /// <summary>Waits for the server where this device does not know the conversation yet.</summary>
    /// <exception cref="ParleyException">There is no such account or conversation.</exception>
    public async Task<ConversationId> FindAsync(ParleyClient client, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(_conversation) is { } given)
            return await FindAsync(client, given, cancel);
        var name = parsed.GetRequiredValue(_name)!;
        var person = await RideOutAsync(() => client.FindPersonAsync(name, cancel), cancel)
            ?? throw new ParleyException(ErrorCode.NotFound, $"There is no account named {name}.");
        return await client.OpenDirectAsync(person.Account, cancel);
    }

    public static async Task<ConversationId> FindAsync(ParleyClient client, ConversationId conversation, CancellationToken cancel)
    {
        if (client.FindConversation(conversation) is null)
            await client.WhenCaughtUpAsync(cancel);
        return client.FindConversation(conversation) is not null
            ? conversation
            : throw new ParleyException(ErrorCode.NotFound, $"{client.Account.Name} is in no conversation {conversation}.");
    }

    // Once logged in, a server that is away for a moment is no error: what connects waits for it, and so does this.
    static async Task<T> RideOutAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        for (var attempts = 30; ; attempts--)
        {
            try
            {
                return await ask();
            }
            catch (ServerUnreachableException) when (attempts > 0)
            {
                await Task.Delay(Pause, cancel);
            }
        }
    }

    void CheckOne(CommandResult result)
    {
        if (result.GetResult(_name) is null == result.GetResult(_conversation) is null)
            result.AddError($"Give either {_name.Name} NAME or --conversation ID.");
    }
}
