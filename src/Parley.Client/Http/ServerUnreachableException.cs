namespace Parley.Client;

/// <summary>The server did not answer, or answered with something that is not Parley's. Trying again may help.</summary>
public sealed class ServerUnreachableException : Exception
{
    /// <summary>Says what was tried and what came of it.</summary>
    public ServerUnreachableException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
