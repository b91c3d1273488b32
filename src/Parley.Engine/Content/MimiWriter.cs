using System.Formats.Cbor;

namespace Parley.Engine.Content;

/// <summary>Writes MIMI content as deterministic CBOR: definite lengths, shortest forms.</summary>
static class MimiWriter
{
    public static byte[] Write(MimiContent content)
    {
        var writer = new CborWriter(CborConformanceMode.Strict);
        writer.WriteStartArray(7);
        writer.WriteByteString(content.Salt);
        WriteOptional(writer, content.Replaces);
        writer.WriteByteString(content.TopicId);
        WriteExpiry(writer, content.Expires);
        WriteOptional(writer, content.InReplyTo);
        writer.WriteStartMap(content.Extensions.Count);
        foreach (var extension in content.Extensions)
        {
            writer.WriteEncodedValue(extension.Key);
            writer.WriteEncodedValue(extension.Value);
        }
        writer.WriteEndMap();
        WritePart(writer, content.Body);
        writer.WriteEndArray();
        return writer.Encode();
    }

    static void WriteExpiry(CborWriter writer, MimiExpiry? expiry)
    {
        if (expiry is null)
        {
            writer.WriteNull();
            return;
        }
        writer.WriteStartArray(2);
        writer.WriteBoolean(expiry.IsRelative);
        writer.WriteUInt32(expiry.Seconds);
        writer.WriteEndArray();
    }

    static void WritePart(CborWriter writer, MimiPart part)
    {
        writer.WriteStartArray(part switch { NullPart => 3, ExternalPart => 3 + ExternalPart.FieldCount, _ => 5 });
        writer.WriteUInt64((ulong)part.Disposition);
        writer.WriteTextString(part.Language);
        switch (part)
        {
            case SinglePart single:
                writer.WriteUInt64(1);
                writer.WriteTextString(single.ContentType);
                writer.WriteByteString(single.Content);
                break;
            case ExternalPart external:
                writer.WriteUInt64(2);
                foreach (var field in external.Fields)
                    writer.WriteEncodedValue(field);
                break;
            case MultiPart multi:
                writer.WriteUInt64(3);
                writer.WriteUInt64(multi.Semantics);
                writer.WriteStartArray(multi.Parts.Count);
                foreach (var inner in multi.Parts)
                    WritePart(writer, inner);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteUInt64(0);
                break;
        }
        writer.WriteEndArray();
    }

    static void WriteOptional(CborWriter writer, byte[]? bytes)
    {
        if (bytes is null)
            writer.WriteNull();
        else
            writer.WriteByteString(bytes);
    }
}
