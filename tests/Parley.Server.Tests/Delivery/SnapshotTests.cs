using CsCheck;
using Parley.Protocol.Ids;
using Parley.Protocol.Wire;

namespace Parley.Server.Tests.Delivery;

/// <summary>The law of sync: a snapshot and the events after it give what a fresh snapshot says.</summary>
public class SnapshotTests
{
    [Fact]
    public void A_snapshot_and_the_events_after_it_are_a_fresh_snapshot() =>
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 60].Sample(steps => new Run().Check(steps), iter: 2_000);

    sealed class Run
    {
        readonly LaneWorld _world = new();
        readonly Person[] _people = [new("alice"), new("bob"), new("carol"), new("dave")];
        readonly ConversationId _group = ConversationId.Create(DateTimeOffset.UnixEpoch);
        readonly Dictionary<Person, ConversationState?> _states = [];
        readonly Dictionary<Person, ulong> _n = [];
        readonly List<(Person From, ulong N, ulong Command, long TimeMs)> _sends = [];
        int _delivered, _pushed, _joined;

        public void Check((int Action, int Who, int Whom)[] steps)
        {
            _world.CreateGroup(_people[0], _group, "group", _people[1], _people[2]);
            _world.Commit();
            foreach (var person in _people)
                _states[person] = _world.StateOf(person, _group)?.Clone();
            foreach (var (action, who, whom) in steps)
            {
                Step(action, _people[who], _people[whom]);
                Fold();
            }
            Settle();
            foreach (var person in _people)
                Assert.Equal(_world.StateOf(person, _group), _states[person]);
        }

        void Step(int action, Person who, Person whom)
        {
            switch (action)
            {
                case <= 3 when _states[who]?.Role is null or MemberRole.Former:
                    // No command of those outside; what they read later their other devices learn with the next sync.
                    break;
                case 0 or 1:
                    var n = _n[who] = _n.GetValueOrDefault(who) + 1;
                    _sends.Add((who, n, _world.Send(who, _group, n, n, counts: action == 0), _world.NowMs - 1));
                    break;
                case 2:
                    _world.Mark(who, _group, delivered: _states[who]?.Head ?? 0);
                    break;
                case 3:
                    _world.Mark(who, _group, read: _states[who]?.Head ?? 0);
                    break;
                case 4:
                    _world.Change(who, _group, Changes.Add(whom));
                    break;
                case 5:
                    _world.Change(who, _group, Changes.Remove(whom));
                    break;
                case 6:
                    _world.Change(who, _group, Changes.Title($"of {who}"));
                    break;
                case 7:
                    _world.Tick(flush: false);
                    break;
                default:
                    Commit();
                    break;
            }
        }

        void Settle()
        {
            Commit();
            _world.Tick();
            Commit();
            _world.Tick();
            Fold();
        }

        void Commit()
        {
            _world.Commit();
            // The host attaches whoever has joined: their state comes as a page of its own.
            foreach (var (account, _) in _world.Joined.Skip(_joined).ToList())
            {
                var person = _people.Single(one => one.Account == account);
                _states[person] = _world.StateOf(person, _group)?.Clone();
            }
            _joined = _world.Joined.Count;
        }

        void Fold()
        {
            foreach (var (to, entry) in _world.Delivered.Skip(_delivered).ToList())
                Apply(to, entry);
            _delivered = _world.Delivered.Count;
            foreach (var (from, n, command, timeMs) in _sends.Where(send => _world.IsAnswered(send.Command)).ToList())
                Acknowledge(from, n, _world.Reply(command).Sent, timeMs);
            _sends.RemoveAll(send => _world.IsAnswered(send.Command));
            foreach (var (to, frame) in _world.Pushed.Skip(_pushed).ToList())
                Apply(to, frame);
            _pushed = _world.Pushed.Count;
        }

        void Acknowledge(Person from, ulong n, Sent? sent, long timeMs)
        {
            if (sent is null)
            {
                _n[from]--;
                return;
            }
            var state = _states[from]!;
            state.LastN = Math.Max(state.LastN, n);
            if (sent.Seq > state.Read)
                (state.Read, state.ReadCount) = (sent.Seq, sent.Count);
            if (sent.Seq > state.Head)
                (state.Head, state.Count, state.HeadTimeMs) = (sent.Seq, sent.Count, (ulong)timeMs);
        }

        void Apply(Person to, Entry entry)
        {
            // A state that came meanwhile includes what it is above.
            if (_states[to] is not { } state || entry.Seq <= state.Head)
                return;
            (state.Head, state.Count, state.HeadTimeMs) = (entry.Seq, entry.Count, entry.ServerTimeMs);
            if (entry.Kind != EntryKind.Membership)
                return;
            var change = Changes.Read(entry);
            if (change.ChangeCase == MembershipChange.ChangeOneofCase.Title)
                state.Title = change.Title;
            else if (change.Added is { } added)
                state.Members += (uint)added.Accounts.Count;
            else if (change.Removed is { } removed)
                Remove(to, state, removed);
        }

        static void Remove(Person to, ConversationState state, AccountList removed)
        {
            state.Members -= (uint)removed.Accounts.Count;
            if (removed.Accounts.Contains(to.Account.ToByteString()))
                (state.Role, state.Members, state.DeliveredByOthers, state.ReadByOthers) = (MemberRole.Former, 0, 0, 0);
        }

        void Apply(Person to, ServerFrame frame)
        {
            if (_states[to] is not { } state)
                return;
            if (frame.Ticks is { } ticks)
                (state.DeliveredByOthers, state.ReadByOthers) = (ticks.DeliveredByOthers, ticks.ReadByOthers);
            if (frame.OwnMarks is { } marks && marks.Read > state.Read)
                (state.Read, state.ReadCount) = (marks.Read, marks.ReadCount);
        }
    }
}
