using Parley.Engine.Boundary;
using Parley.Engine.State;
using Parley.Protocol.Ids;

namespace Parley.Engine.Groups;

/// <summary>Whose names are needed and not known. Asked for over HTTP, once per connection.</summary>
sealed class People(Core core, IEnumerable<AccountId> known)
{
    const int MostAtOnce = 100;

    readonly HashSet<AccountId> _known = [.. known];
    readonly HashSet<AccountId> _asked = [];
    readonly List<AccountId> _wanted = [];

    public void Want(AccountId account)
    {
        if (!_known.Contains(account) && _asked.Add(account))
            _wanted.Add(account);
    }

    public void Want(EntryRow row)
    {
        Want(row.Author);
        foreach (var account in row.Membership?.Accounts ?? [])
            Want(account);
    }

    public void Found(IReadOnlyList<PersonRow> people)
    {
        foreach (var person in people)
        {
            _known.Add(person.Account);
            core.Ledger.Add(new PutPerson(person));
        }
        if (people.Count > 0)
            core.Ledger.Emit(new PeopleChanged(people));
    }

    /// <summary>A new connection: who was asked for and not found is asked for again.</summary>
    public void AskAgain()
    {
        _wanted.Clear();
        foreach (var account in _asked)
        {
            if (!_known.Contains(account))
                _wanted.Add(account);
        }
        _wanted.Sort();
    }

    public void Flush()
    {
        foreach (var accounts in _wanted.Chunk(MostAtOnce))
            core.Effects.Add(new LookUpPeople(accounts));
        _wanted.Clear();
    }
}
