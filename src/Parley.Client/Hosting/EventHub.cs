using System.Threading.Channels;
using Parley.Engine.Boundary;

namespace Parley.Client;

/// <summary>Hands each event to everyone who listens. Never waits: who is too far behind is told so and let go.</summary>
sealed class EventHub
{
    const int MaxBehind = 16_384;

    readonly Lock _gate = new();
    readonly List<Channel<EngineEvent>> _listeners = [];
    Exception? _end;

    public void Emit(EngineEvent happened)
    {
        lock (_gate)
        {
            for (var i = _listeners.Count - 1; i >= 0; i--)
            {
                if (_listeners[i].Writer.TryWrite(happened))
                    continue;
                _listeners[i].Writer.TryComplete(new InvalidOperationException($"This reader fell {MaxBehind} events behind. Read the store, and listen again."));
                _listeners.RemoveAt(i);
            }
        }
    }

    /// <summary>Ends all streams, with the cause if there is one.</summary>
    public void End(Exception? cause)
    {
        lock (_gate)
        {
            _end = cause ?? ClientStoppedException.For(null);
            foreach (var listener in _listeners)
                listener.Writer.TryComplete(cause);
            _listeners.Clear();
        }
    }

    /// <summary>Starts listening at once, not at the first read.</summary>
    public Channel<EngineEvent> Listen()
    {
        var listener = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(MaxBehind) { SingleReader = true });
        lock (_gate)
        {
            if (_end is null)
                _listeners.Add(listener);
            else
                listener.Writer.TryComplete(_end is ClientStoppedException { Reason: null } ? null : _end);
        }
        return listener;
    }

    public void Leave(Channel<EngineEvent> listener)
    {
        lock (_gate)
            _listeners.Remove(listener);
    }
}
