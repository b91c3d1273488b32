namespace Parley.Engine.Content;

/// <summary>These bytes are no MIMI content. The only exception of <see cref="MimiReader"/>, whatever the bytes.</summary>
sealed class ContentException(string message, Exception? cause = null) : Exception(message, cause);
