using Microsoft.AspNetCore.Http.Metadata;

namespace Parley.Server.Kernel.Http;

/// <summary>How large a body a call takes; a larger one is answered 413 before it is read.</summary>
sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    /// <summary>Room for 200 ids, and far more than any other call needs.</summary>
    public static readonly BodyLimit Json = new(32 * 1024);
}
