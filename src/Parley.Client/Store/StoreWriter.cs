using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Parley.Engine.Boundary;
using Parley.Protocol.Ids;

namespace Parley.Client;

/// <summary>Something to be written: a batch of the engine, or a reader's position.</summary>
abstract record StoreJob;

sealed record BatchJob(StoreBatch Batch) : StoreJob;

sealed record PositionJob(string Reader, ConversationId Conversation, ulong Seq) : StoreJob;

/// <summary>Readers' positions above it go back to it.</summary>
sealed record RewindJob(ConversationId Conversation, ulong Seq) : StoreJob;

/// <summary>Completes when everything before it is durable.</summary>
sealed record FlushJob(TaskCompletionSource Flushed) : StoreJob;

/// <summary>
/// The store's one writer, on a thread of its own. Batches are written in order, each whole in one transaction; those that wait while
/// an fsync runs share the next one. After a failure nothing is written any more: a batch must not overtake one that failed.
/// </summary>
sealed class StoreWriter : IAsyncDisposable
{
    /// <summary>Jobs in one transaction: few enough that a crash repeats little, many enough that fsync is no longer what costs.</summary>
    const int MaxJobs = 512;

    readonly Channel<StoreJob> _jobs = Channel.CreateUnbounded<StoreJob>(new() { SingleReader = true });
    readonly SqliteConnection _connection;
    readonly Statements _statements;
    readonly Func<ulong, ValueTask> _stored;
    readonly Func<ulong, ValueTask> _failed;
    readonly Task _run;
    int _pending;
    TaskCompletionSource _room = Completed();

    /// <summary><paramref name="stored"/> and <paramref name="failed"/> are awaited one after the other, in the order of batches.</summary>
    public StoreWriter(string file, Func<ulong, ValueTask> stored, Func<ulong, ValueTask> failed)
    {
        _connection = Schema.Connect(file);
        _statements = new(_connection);
        _stored = stored;
        _failed = failed;
        _run = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Completes while fewer than <see cref="MaxJobs"/> jobs wait: what fills the queue (the network) waits for it.</summary>
    public Task Room => Volatile.Read(ref _room).Task;

    public void Enqueue(StoreJob job)
    {
        if (Interlocked.Increment(ref _pending) == MaxJobs)
            Volatile.Write(ref _room, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!_jobs.Writer.TryWrite(job))
            (job as FlushJob)?.Flushed.TrySetException(new ObjectDisposedException(nameof(StoreWriter)));
    }

    public Task FlushAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new FlushJob(flushed));
        return flushed.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _run.ConfigureAwait(false);
        _statements.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    async Task RunAsync()
    {
        var jobs = new List<StoreJob>();
        Exception? dead = null;
        while (await _jobs.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            jobs.Clear();
            while (jobs.Count < MaxJobs && _jobs.Reader.TryRead(out var job))
                jobs.Add(job);
            dead ??= TryWrite(jobs);
            await AnswerAsync(jobs, dead).ConfigureAwait(false);
            if (Interlocked.Add(ref _pending, -jobs.Count) < MaxJobs)
                Volatile.Read(ref _room).TrySetResult();
        }
    }

    Exception? TryWrite(List<StoreJob> jobs)
    {
        try
        {
            _statements.InTransaction(() => jobs.ForEach(Write));
            return null;
        }
        catch (Exception cause) when (cause is SqliteException or InvalidOperationException or NotSupportedException)
        {
            return cause;
        }
    }

    void Write(StoreJob job)
    {
        if (job is BatchJob(var batch))
        {
            foreach (var op in batch.Ops)
                _statements.Apply(op);
        }
        else if (job is PositionJob position)
        {
            _statements.Run("INSERT OR REPLACE INTO positions VALUES (?1, ?2, ?3)", position.Reader, position.Conversation.ToString(), (long)position.Seq);
        }
        else if (job is RewindJob rewind)
        {
            _statements.Run("UPDATE positions SET seq = ?2 WHERE conversation = ?1 AND seq > ?2", rewind.Conversation.ToString(), (long)rewind.Seq);
        }
    }

    async ValueTask AnswerAsync(List<StoreJob> jobs, Exception? failure)
    {
        foreach (var job in jobs)
        {
            if (job is BatchJob(var batch) && failure is null)
                await _stored(batch.BatchId).ConfigureAwait(false);
            else if (job is BatchJob(var lost))
                await _failed(lost.BatchId).ConfigureAwait(false);
            else if (job is FlushJob(var flushed) && failure is null)
                flushed.TrySetResult();
            else if (job is FlushJob(var never))
                never.TrySetException(failure!);
        }
    }

    static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
