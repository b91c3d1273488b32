using System.Formats.Cbor;

namespace Parley.Engine.Content;

/// <summary>Reads MIMI content.</summary>
static class MimiReader
{
    const int MaxDepth = 8;
    const int MaxParts = 256;

    /// <summary>Reads one content that takes all the bytes.</summary>
    /// <exception cref="ContentException">These bytes are no MIMI content.</exception>
    public static MimiContent Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Strict);
        try
        {
            var content = ReadContent(reader);
            return reader.BytesRemaining == 0 ? content : throw new ContentException("Bytes follow the content.");
        }
        catch (Exception cause) when (cause is CborContentException or InvalidOperationException or OverflowException)
        {
            // The reader's own: not well-formed, another type than expected, an integer out of range.
            throw new ContentException("These bytes are no MIMI content.", cause);
        }
    }

    static MimiContent ReadContent(CborReader reader)
    {
        ReadStart(reader, 7);
        var salt = ReadBytes(reader, MimiContent.SaltBytes);
        var replaces = ReadOptional(reader, ReadMessageId);
        var topicId = reader.ReadByteString();
        var expires = ReadOptional(reader, ReadExpiry);
        var inReplyTo = ReadOptional(reader, ReadMessageId);
        var extensions = ReadExtensions(reader);
        var body = ReadPart(reader, 0);
        reader.ReadEndArray();
        return new(salt, body) { Replaces = replaces, TopicId = topicId, Expires = expires, InReplyTo = inReplyTo, Extensions = extensions };
    }

    static byte[] ReadMessageId(CborReader reader) => ReadBytes(reader, MimiContent.MessageIdBytes);

    static MimiExpiry ReadExpiry(CborReader reader)
    {
        ReadStart(reader, 2);
        var expiry = new MimiExpiry(reader.ReadBoolean(), reader.ReadUInt32());
        reader.ReadEndArray();
        return expiry;
    }

    static List<MimiExtension> ReadExtensions(CborReader reader)
    {
        var extensions = new List<MimiExtension>();
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
            extensions.Add(new(reader.ReadEncodedValue().ToArray(), reader.ReadEncodedValue().ToArray()));
        reader.ReadEndMap();
        return extensions;
    }

    static MimiPart ReadPart(CborReader reader, int depth)
    {
        if (depth >= MaxDepth)
            throw new ContentException($"Parts lie in parts more than {MaxDepth} deep.");
        reader.ReadStartArray();
        var disposition = (Disposition)reader.ReadUInt64();
        var language = reader.ReadTextString();
        MimiPart part = reader.ReadUInt64() switch
        {
            0 => new NullPart(disposition, language),
            1 => new SinglePart(disposition, language, reader.ReadTextString(), reader.ReadByteString()),
            2 => new ExternalPart(disposition, language, ReadFields(reader)),
            3 => new MultiPart(disposition, language, reader.ReadUInt64(), ReadParts(reader, depth + 1)),
            _ => throw new ContentException("A part of a kind that is not known."),
        };
        reader.ReadEndArray();
        return part;
    }

    static List<byte[]> ReadFields(CborReader reader)
    {
        var fields = new List<byte[]>(ExternalPart.FieldCount);
        for (var i = 0; i < ExternalPart.FieldCount; i++)
            fields.Add(reader.ReadEncodedValue().ToArray());
        return fields;
    }

    static List<MimiPart> ReadParts(CborReader reader, int depth)
    {
        var parts = new List<MimiPart>();
        reader.ReadStartArray();
        while (reader.PeekState() != CborReaderState.EndArray)
        {
            if (parts.Count == MaxParts)
                throw new ContentException($"More than {MaxParts} parts.");
            parts.Add(ReadPart(reader, depth));
        }
        reader.ReadEndArray();
        return parts;
    }

    static void ReadStart(CborReader reader, int length)
    {
        if (reader.ReadStartArray() != length)
            throw new ContentException($"An array of {length} was expected.");
    }

    static byte[] ReadBytes(CborReader reader, int length)
    {
        var bytes = reader.ReadByteString();
        return bytes.Length == length ? bytes : throw new ContentException($"{length} bytes were expected.");
    }

    static T? ReadOptional<T>(CborReader reader, Func<CborReader, T> read) where T : class
    {
        if (reader.PeekState() != CborReaderState.Null)
            return read(reader);
        reader.ReadNull();
        return null;
    }
}
