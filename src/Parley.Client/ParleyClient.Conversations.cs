using Parley.Engine.Boundary;
using Parley.Protocol;
using Parley.Protocol.Ids;
using MemberRole = Parley.Protocol.Wire.MemberRole;

namespace Parley.Client;

public sealed partial class ParleyClient
{
    /// <summary>All conversations this device knows, newest first, as stored.</summary>
    public IReadOnlyList<ConversationRow> Conversations => [.. _store.ReadConversations().OrderByDescending(row => row.HeadTimeMs)];

    /// <summary>A conversation as stored; null when this device does not know it.</summary>
    public ConversationRow? FindConversation(ConversationId conversation) => _store.FindConversation(conversation);

    /// <summary>The account with exactly this name; null when there is none. Asks the server unless this device knows it.</summary>
    public async Task<PersonRow?> FindPersonAsync(string name, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == Account.Name)
            return Account;
        if (_store.FindPerson(name) is { } known)
            return known;
        var found = (await Api.FindPeopleAsync(name, cancel).ConfigureAwait(false)).FirstOrDefault(person => person.Name == name);
        if (found is not null)
            await _host.PostAsync(new PeopleFound(0, [found])).ConfigureAwait(false);
        return found;
    }

    /// <summary>The direct chat with an account, made if there is none yet; with oneself: the notes.</summary>
    /// <exception cref="ParleyException">There is no such account.</exception>
    public async Task<ConversationId> OpenDirectAsync(AccountId peer, CancellationToken cancel = default)
    {
        var conversation = ConversationId.Direct(Account.Account, peer);
        if (_store.FindConversation(conversation) is null)
            await RunAsync(id => new OpenDirect(0, id, peer), cancel).ConfigureAwait(false);
        return conversation;
    }

    /// <summary>A new group with these members and oneself as owner.</summary>
    /// <param name="title">1-100 characters.</param>
    /// <param name="members">Without oneself; at most 999.</param>
    /// <param name="cancel">Gives up waiting; the group may be made nevertheless.</param>
    public async Task<ConversationId> CreateGroupAsync(string title, IReadOnlyList<AccountId> members, CancellationToken cancel = default)
    {
        var group = ConversationId.Create(_time.GetUtcNow());
        await RunAsync(id => new CreateGroup(0, id, group, title, members), cancel).ConfigureAwait(false);
        return group;
    }

    /// <summary>Changes a group. Answers the seq of the entry written, 0 when nothing had to change.</summary>
    /// <exception cref="ParleyException">There is no such group, or one's role does not allow it.</exception>
    public async Task<ulong> ChangeGroupAsync(ConversationId group, GroupChange change, CancellationToken cancel = default) =>
        ((CommandDone)await RunAsync(id => new ChangeGroup(0, id, group, change), cancel).ConfigureAwait(false)).Seq;

    /// <summary>A group's members as of now.</summary>
    /// <exception cref="ParleyException">There is no such group.</exception>
    public async Task<IReadOnlyList<(PersonRow Who, MemberRole Role)>> MembersAsync(ConversationId group, CancellationToken cancel = default)
    {
        await RunAsync(id => new ReadRoster(0, id, group), cancel).ConfigureAwait(false);
        var members = new List<(PersonRow, MemberRole)>();
        foreach (var row in _store.ReadMembers(group))
            members.Add((await FindPersonAsync(row.Account, cancel).ConfigureAwait(false), row.Role));
        return members;
    }

    /// <summary>Who an account is. Waits for the server when this device does not know it yet.</summary>
    public async ValueTask<PersonRow> FindPersonAsync(AccountId account, CancellationToken cancel = default)
    {
        if (account == Account.Account)
            return Account;
        if (_store.FindPerson(account) is { } known)
            return known;
        while (true)
        {
            try
            {
                var found = await Api.LookUpPeopleAsync([account], cancel).ConfigureAwait(false);
                await _host.PostAsync(new PeopleFound(0, found)).ConfigureAwait(false);
                return found.Count > 0 ? found[0] : new(account, account.ToString(), account.ToString());
            }
            catch (ServerUnreachableException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _time, cancel).ConfigureAwait(false);
            }
        }
    }

    async Task<EngineEvent> RunAsync(Func<long, EngineCommand> command, CancellationToken cancel)
    {
        var made = command(_calls.NextId());
        var answer = _calls.AddAsync(made);
        await _host.PostAsync(made).ConfigureAwait(false);
        return await answer.WaitAsync(cancel).ConfigureAwait(false);
    }
}
