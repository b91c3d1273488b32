using Parley.Protocol.Wire;

namespace Parley.Server.Edge;

/// <summary>What stands behind the edge: the server's Dispatch, or the relay's of the benchmark.</summary>
interface IDispatch
{
    /// <summary>The first frame. Ends in <see cref="Session.TryGreet"/> and a Welcome, or in a Failure and a close.</summary>
    void Greet(Session session, ulong id, Hello hello);

    /// <summary>A command of a greeted session, within its limits. Called by one thread at a time per session; does not throw.</summary>
    void Handle(Session session, ClientFrame frame);

    /// <summary>A greeted session has ended: once, after which no frame of it arrives.</summary>
    void End(Session session);
}
