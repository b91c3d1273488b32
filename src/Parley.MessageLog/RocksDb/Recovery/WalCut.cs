namespace Parley.MessageLog.RocksDb.Recovery;

/// <summary>A place where a write-ahead log must end.</summary>
sealed record WalCut(string File, long Offset)
{
    /// <summary>Cuts, durably, and empties the files after it.</summary>
    public void Apply()
    {
        var after = false;
        foreach (var file in WalCheck.Files(Path.GetDirectoryName(File)!))
        {
            if (file == File)
                Shorten(file, Offset);
            else if (after)
                Shorten(file, 0);
            after |= file == File;
        }
    }

    static void Shorten(string file, long length)
    {
        using var handle = System.IO.File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }
}
