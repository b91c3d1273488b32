namespace Parley.Client;

/// <summary>A profile cannot be used. The message says which, why, and what to do.</summary>
public sealed class ProfileException : Exception
{
    /// <summary>Says which profile, why, and what to do.</summary>
    public ProfileException(string message, Exception? cause = null) : base(message, cause)
    {
    }
}
