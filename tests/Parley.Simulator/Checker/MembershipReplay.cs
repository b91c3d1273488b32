using Parley.MessageLog;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Simulator.Checker;

/// <summary>
/// Who may see what, worked out from the MEMBERSHIP entries on disk alone and not from the rows the lane keeps: a mistake there shows
/// as a difference. Direct chats have no such entries; their members were in from the start.
/// </summary>
sealed class MembershipReplay(IEnumerable<AccountId> fromTheStart)
{
    readonly List<AccountId> _fromTheStart = [.. fromTheStart];
    readonly SortedDictionary<AccountId, List<MembershipSpan>> _spans = [];

    public IEnumerable<(AccountId Account, ulong From)> Present =>
        _spans.Where(pair => pair.Value[^1].To == MembershipSpan.Open).Select(pair => (pair.Key, pair.Value[^1].From))
            .Concat(_fromTheStart.Select(account => (account, 1UL)));

    public bool MaySee(AccountId account, ulong seq) =>
        _fromTheStart.Contains(account) || (_spans.TryGetValue(account, out var spans) && spans.Any(span => span.From <= seq && seq <= span.To));

    public void Apply(StoredEntry entry)
    {
        if (entry.Kind != EntryKind.Membership)
            return;
        var change = MembershipChange.Parser.ParseFrom(entry.Body.Span);
        switch (change.ChangeCase)
        {
            case MembershipChange.ChangeOneofCase.Created:
                Open(change.Created.Members, entry.Seq);
                break;
            case MembershipChange.ChangeOneofCase.Added:
                Open(change.Added.Accounts, entry.Seq);
                break;
            case MembershipChange.ChangeOneofCase.Removed:
                Close(change.Removed.Accounts.Select(Read), entry.Seq);
                break;
            case MembershipChange.ChangeOneofCase.Left:
                Close([entry.Author], entry.Seq);
                break;
        }
    }

    /// <summary>Entries were lost: only these are left.</summary>
    public void Restart(IEnumerable<StoredEntry> entries)
    {
        _spans.Clear();
        foreach (var entry in entries.OrderBy(entry => entry.Seq))
            Apply(entry);
    }

    void Open(IEnumerable<Google.Protobuf.ByteString> accounts, ulong seq)
    {
        foreach (var account in accounts.Select(Read))
        {
            if (!_spans.TryGetValue(account, out var spans))
                _spans[account] = spans = [];
            spans.Add(new(seq, MembershipSpan.Open));
        }
    }

    void Close(IEnumerable<AccountId> accounts, ulong seq)
    {
        foreach (var account in accounts)
            _spans[account][^1] = _spans[account][^1] with { To = seq };
    }

    static AccountId Read(Google.Protobuf.ByteString bytes) => AccountId.TryRead(bytes.Span, out var account) ? account : default;
}
