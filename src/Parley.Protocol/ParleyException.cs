namespace Parley.Protocol;

/// <summary>A refusal with its documented code. Thrown by command handlers, turned into a Failure in one place (Edge/Dispatch).</summary>
public sealed class ParleyException : Exception
{
    /// <summary>A refusal: the code, and a detail for developers that carries no content.</summary>
    public ParleyException(ErrorCode code, string detail, TimeSpan retryAfter = default) : base(detail)
    {
        Code = code;
        RetryAfter = retryAfter;
    }

    /// <summary>The documented code.</summary>
    public ErrorCode Code { get; }

    /// <summary>When trying again may help; zero when not given.</summary>
    public TimeSpan RetryAfter { get; }
}
