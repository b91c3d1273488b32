using Parley.MessageLog;
using Parley.Protocol.Wire;
using Parley.Simulator.Checker;

namespace Parley.Simulator.Tests;

/// <summary>The judge is judged: each planted violation is found, under its law's name, and a true run is clean.</summary>
public sealed class HistoryCheckerTests
{
    [Fact]
    public void A_true_run_is_clean() => Assert.Empty(new Run().Talk(5).Laws());

    [Fact]
    public void An_ack_of_what_is_not_on_disk_is_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.History.Add(new Acked(Run.IdOf(run.Text(3)), run.Chat, 3));
        run.Store(run.Text(3));
        run.Take(run.Alice, run.Text(3));
        run.Take(run.Bob, run.Text(3));
        Assert.Equal(["ack-means-durable"], run.Laws());
    }

    [Fact]
    public void Fan_out_before_the_fsync_is_found()
    {
        var run = new Run().Talk(1);
        run.Ask(2);
        run.History.Add(new Served(run.Bob, run.Chat, 2, Run.IdOf(run.Text(2))));
        run.Store(run.Text(2));
        run.Take(run.Alice, run.Text(2));
        run.Take(run.Bob, run.Text(2));
        Assert.Equal(["ack-means-durable"], run.Laws());
    }

    [Fact]
    public void A_message_that_vanished_is_found_only_once_the_run_has_settled()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        Assert.Equal(["ack-means-durable"], run.Laws());
        Assert.Empty(run.Laws(settled: false));
    }

    [Fact]
    public void A_hole_in_the_seqs_is_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.Store(run.Text(3) with { Seq = 4 });
        Assert.Contains("one-dense-order", run.Laws(settled: false));
    }

    [Fact]
    public void Two_entries_at_one_seq_are_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.Store(run.Text(3) with { Seq = 2 });
        Assert.Contains("one-dense-order", run.Laws(settled: false));
    }

    [Fact]
    public void A_device_that_holds_another_entry_than_the_log_is_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.Store(run.Text(3));
        run.Take(run.Alice, run.Text(3));
        run.Take(run.Bob, run.Text(3) with { Random = 99 });
        Assert.Equal(["one-dense-order"], run.Laws());
    }

    [Fact]
    public void A_message_stored_twice_is_found()
    {
        var run = new Run().Talk(2);
        run.Store(run.Text(2) with { Seq = 3, Count = 3 });
        run.Take(run.Alice, run.Text(2) with { Seq = 3 });
        run.Take(run.Bob, run.Text(2) with { Seq = 3 });
        Assert.Equal(["a-retry-is-free"], run.Laws());
    }

    [Fact]
    public void A_message_that_overtook_a_refused_one_is_found()
    {
        var run = new Run().Talk(2);
        run.Ask(4);
        run.Store(run.Text(4) with { Seq = 3, Count = 3 });
        Assert.Equal(["a-retry-is-free"], run.Laws(settled: false));
    }

    [Fact]
    public void A_text_nobody_sent_is_found()
    {
        var run = new Run().Talk(2);
        run.Store(run.Text(3));
        Assert.Equal(["a-retry-is-free"], run.Laws(settled: false));
    }

    [Fact]
    public void An_entry_applied_over_a_gap_is_found()
    {
        var run = new Run().Talk(1);
        foreach (var number in new[] { 2, 3 })
        {
            run.Ask(number);
            run.Store(run.Text(number));
            run.Take(run.Alice, run.Text(number));
        }
        run.Take(run.Bob, run.Text(3));
        Assert.Equal(["no-silent-hole"], run.Laws());
    }

    [Fact]
    public void A_device_left_behind_is_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.Store(run.Text(3));
        run.Take(run.Alice, run.Text(3));
        Assert.Equal(["no-silent-hole"], run.Laws());
    }

    [Fact]
    public void A_range_hidden_from_one_who_may_see_it_is_found()
    {
        var run = new Run().Talk(1);
        run.Ask(2);
        run.Store(run.Text(2));
        run.Take(run.Alice, run.Text(2));
        run.History.Add(new Skipped(run.Bob, run.Chat, 2, 2));
        Assert.Equal(["no-silent-hole"], run.Laws());
    }

    [Fact]
    public void An_entry_served_outside_a_span_is_found()
    {
        var run = new Run(group: true);
        run.Store(run.Created());
        run.Store(run.BobRemoved(2));
        run.History.Add(new Served(run.Bob, run.Chat, 2, Run.IdOf(run.BobRemoved(2))));
        Assert.Empty(run.Laws(settled: false));
        run.Store(run.BobRemoved(3) with { Kind = EntryKind.Unspecified });
        run.History.Add(new Served(run.Bob, run.Chat, 3, Run.IdOf(run.BobRemoved(3))));
        Assert.Equal(["members-only"], run.Laws(settled: false));
    }

    [Fact]
    public void A_member_whose_index_never_learned_is_found()
    {
        var run = new Run().Talk(1);
        run.Disk.Apply(run.Chat.Shard, new PutMember(run.Chat, new(run.History.Owners[run.Bob], MemberRole.Former, [new(1, 1)], 1)));
        Assert.Equal(["members-only"], run.Laws());
    }

    [Fact]
    public void Ticks_for_what_nobody_took_are_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.Store(run.Text(3));
        run.Take(run.Alice, run.Text(3));
        run.History.Add(new Ticked(run.Alice, run.Chat, 3, 0));
        run.Take(run.Bob, run.Text(3));
        Assert.Equal(["marks-only-grow"], run.Laws());
    }

    [Fact]
    public void A_read_tick_for_what_nobody_read_is_found()
    {
        var run = new Run().Talk(2);
        run.History.Add(new Ticked(run.Alice, run.Chat, 2, 1));
        Assert.Equal(["marks-only-grow"], run.Laws());
    }

    [Fact]
    public void A_mark_above_the_head_is_found()
    {
        var run = new Run().Talk(2);
        run.Disk.Apply(run.Chat.Shard, new PutMarks(run.Chat, new(run.History.Owners[run.Bob], 9, 2, new Dictionary<Protocol.Ids.DeviceId, ulong>(), 3)));
        Assert.Equal(["marks-only-grow"], run.Laws());
    }

    [Fact]
    public void A_count_that_is_off_is_found()
    {
        var run = new Run().Talk(2);
        run.History.Add(new Counted(run.Bob, run.Chat, 2, 3, 0, 0));
        Assert.Equal(["unread-from-count"], run.Laws());
    }

    [Fact]
    public void An_entry_that_carries_a_wrong_count_is_found()
    {
        var run = new Run().Talk(2);
        run.Ask(3);
        run.Store(run.Text(3) with { Count = 2 });
        Assert.Equal(["unread-from-count"], run.Laws(settled: false));
    }
}
